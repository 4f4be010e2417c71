using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The test finisher at which guests end or reset the machine, as QEMU's virt has it: one register, written with a command in its low half.</summary>
/// <param name="finished">Called with an exit code: 0 after "pass", what stands in the high half after "fail".</param>
/// <param name="reset">Called to reset the machine.</param>
public sealed class SifiveTest(Action<int> finished, Action reset) : IBusDevice
{
    /// <summary>Bytes of address space.</summary>
    public const ulong Size = 0x1000;

    /// <summary>Commands: power off, end with a failure, reset.</summary>
    public const uint Pass = 0x5555, Fail = 0x3333, Reset = 0x7777;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => 0;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset != 0)
            return;
        switch ((uint)value & 0xFFFF)
        {
            case Pass:
                finished(0);
                break;
            case Fail:
                finished((int)(value >> 16) & 0xFFFF);
                break;
            case Reset:
                reset();
                break;
        }
    }
}
