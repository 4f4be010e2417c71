using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A hart of 32 bits.</summary>
internal sealed unsafe class Rv32Hart : VirtHartOf<Rv32Isa>
{
    private readonly uint _id;
    private readonly Rv32State* _state;

    public Rv32Hart(int id, PhysicalMemory memory, Clock clock, VirtBuilder builder, VirtEnvironment environment)
        : base(memory, clock, builder.Harts)
    {
        _id = (uint)id;
        _state = (Rv32State*)Cpu.State;
        Cpu.Context.Externs = new Rv32VirtExterns(Cpu, environment);
        if (builder.SingleStep)
            Observe();
        Reset();
    }

    public override IsaMetadata Metadata => Rv32Metadata.Instance;

    public override ulong ReadX(int register) => _state->X[register];

    internal override void Reset()
    {
        // Lines are driven from outside: they stand through a reset.
        (byte software, byte timer, byte machine, byte supervisor) = (_state->mip_MSIP, _state->mip_MTIP, _state->mip_MEIP, _state->SEIP_LINE);
        Cpu.Reset();
        _state->hartid = _id;
        (_state->mip_MSIP, _state->mip_MTIP, _state->mip_MEIP, _state->SEIP_LINE) = (software, timer, machine, supervisor);
        Cpu.StateChanged();
    }

    internal override void SetLine(VirtLine line, bool level)
    {
        byte value = level ? (byte)1 : (byte)0;
        switch (line)
        {
            case VirtLine.MachineSoftware:
                _state->mip_MSIP = value;
                break;
            case VirtLine.MachineTimer:
                _state->mip_MTIP = value;
                break;
            case VirtLine.MachineExternal:
                _state->mip_MEIP = value;
                break;
            default:
                _state->SEIP_LINE = value;
                break;
        }

        Cpu.StateChanged();
    }
}
