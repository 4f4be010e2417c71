using System.Buffers.Binary;

namespace Emulator.Kvm;

internal sealed unsafe partial class RiscVGeneratedVcpu<TIsa, TState>
{
    private const byte User = 0, Supervisor = 1, Machine = 3;

    // Bits of sip; the external interrupt is a line.
    private const ulong Interrupts = 1 << Software | 1 << TimerInterrupt | 1 << External;
    private const int Software = 1, TimerInterrupt = 5, External = 9;

    // All exceptions that can be delegated (privileged manual, 3.1.8) but calls from supervisor mode, which are the API's.
    private const ulong GuestExceptions = 0xB1FE;

    // Cycle, time and instret.
    private const byte AllCounters = 7;

    // One region of memory protection, all of memory: readable, writable, executable, naturally aligned power of two (3.7.1).
    private const byte OpenRegion = 0x1F;

    private const int Misa = 0x301;
    private const int T0 = 5, T1 = 6;

    private readonly TState* _s;

    /// <inheritdoc/>
    public int Xlen { get; }

    /// <inheritdoc/>
    public ulong Extensions => ReadCsr(Misa) & 0x3FF_FFFF;

    /// <inheritdoc/>
    public bool IsWaiting
    {
        get => _s->WAITING != 0;
        set
        {
            _s->WAITING = value ? (byte)1 : (byte)0;
            Cpu.StateChanged();
        }
    }

    /// <inheritdoc/>
    public ulong Pending
    {
        get => (ulong)_s->mip_SSIP << Software | (ulong)_s->mip_STIP << TimerInterrupt | (ulong)_s->SEIP_LINE << External;
        set
        {
            _s->mip_SSIP = (byte)(value >> Software & 1);
            _s->mip_STIP = (byte)(value >> TimerInterrupt & 1);
            _s->SEIP_LINE = (byte)(value >> External & 1);
            Cpu.StateChanged();
        }
    }

    /// <inheritdoc/>
    public bool HasInterrupt => (Pending & _s->mie) != 0;

    /// <inheritdoc/>
    public bool IsUser
    {
        get => _s->PRIV == User;
        set => ChangeMode(value ? User : Supervisor);
    }

    /// <inheritdoc/>
    public ulong Pc
    {
        get => Cpu.Pc;
        set
        {
            Cpu.Pc = value & ~1ul;
            Cpu.StateChanged();
        }
    }

    /// <inheritdoc/>
    public uint Fcsr
    {
        get => (uint)_s->frm << 5 | _s->fflags;
        set
        {
            _s->fflags = (byte)(value & 0x1F);
            _s->frm = (byte)(value >> 5 & 7);
        }
    }

    /// <inheritdoc/>
    public ulong ReadX(int register) => _s->X(register);

    /// <inheritdoc/>
    public void WriteX(int register, ulong value) => _s->X(register, value);

    /// <inheritdoc/>
    public ulong ReadF(int register) => _s->F(register);

    /// <inheritdoc/>
    public void WriteF(int register, ulong value) => _s->F(register, value);

    /// <inheritdoc/>
    public ulong ReadCsr(int number) => PerformCsr(2, number, null); // CSRRS with x0

    /// <inheritdoc/>
    public void WriteCsr(int number, ulong value) => PerformCsr(1, number, value); // CSRRW

    /// <inheritdoc/>
    public bool ReadGuest(ulong address, out ulong value)
    {
        var h = Header;
        var memory = TIsa.FetchMemory;
        value = Cpu.Context.PagedMemories[memory].Read(h, address, Xlen / 8, TIsa.MemoryMode(h, memory));
        if (h->Trap == 0)
        {
            return true;
        }

        var trap = (int)h->Trap - 1;
        h->Trap = 0;
        TIsa.OnTrap(h, trap, h->TrapA, h->TrapB);
        Cpu.StateChanged();
        return false;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Cpu.Reset();
        _s->hartid = _id;
        _s->PRIV = Supervisor;
        _s->medeleg = GuestExceptions;
        _s->mideleg = Interrupts;
        _s->mcounteren = AllCounters;
        _s->scounteren = AllCounters;
        _s->pmpaddr(0, ulong.MaxValue >> (Xlen == 64 ? 10 : 32));
        _s->pmpcfg(0, OpenRegion);
        Pc = 0;
    }

    /// <inheritdoc/>
    public void FlushTranslations() => Cpu.FlushTranslations();

    private void ChangeMode(byte mode)
    {
        _s->PRIV = mode;
        Cpu.StateChanged();
    }

    /// <summary>Carries out CSRRW or CSRRS, in machine mode, which has all registers; gives the old value.</summary>
    private ulong PerformCsr(uint function, int number, ulong? value)
    {
        var (mode, t0, t1) = (_s->PRIV, ReadX(T0), ReadX(T1));
        var source = value == null ? 0 : T0;
        WriteX(T0, value ?? 0);
        ChangeMode(Machine);
        Span<byte> instruction = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(instruction, (uint)number << 20 | (uint)source << 15 | function << 12 | (uint)T1 << 7 | 0x73);
        Perform(instruction);
        var old = ReadX(T1);
        WriteX(T0, t0);
        WriteX(T1, t1);
        ChangeMode(mode);
        return old;
    }
}
