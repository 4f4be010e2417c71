using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>A bus whose answers depend on address and time: what two equal machines must ask at the same moments.</summary>
internal sealed class RandomDevice(Func<long> time) : Bus
{
    /// <summary>Everything written so far, as a number.</summary>
    public ulong Written { get; set; }

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size) => Mix(address ^ ((ulong)time() << 20)) >> (64 - (8 * size));

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value) => Written = Mix(Written ^ address ^ value ^ ((ulong)time() << 20) ^ (ulong)size);

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }
}
