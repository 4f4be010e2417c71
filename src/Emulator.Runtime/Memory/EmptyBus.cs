namespace Emulator.Runtime;

/// <summary>A bus nobody answers on.</summary>
internal sealed class EmptyBus : Bus
{
    public override ulong Read(ulong address, int size) => AllOnes(size);

    public override void Write(ulong address, int size, ulong value)
    {
    }
}
