using System.Buffers.Binary;
using Emulator.Runtime;

namespace Emulator.Kvm;

internal sealed unsafe partial class RiscVGeneratedVcpu<TIsa>
{
    private const ulong User = 0, Supervisor = 1, Machine = 3;

    // Bits of sip: software, timer, external; the last of them is a line.
    private const ulong Interrupts = 0x222;
    private const int External = 9;

    // All exceptions that can be delegated (privileged manual, 3.1.8) but calls from supervisor mode, which are the API's.
    private const ulong GuestExceptions = 0xB1FE;

    // Cycle, time and instret.
    private const ulong AllCounters = 7;

    // One region of memory protection, all of memory: readable, writable, executable, naturally aligned power of two (3.7.1).
    private const ulong OpenRegion = 0x1F;

    private const int Misa = 0x301, Scounteren = 0x106;
    private const int T0 = 5, T1 = 6;

    private readonly RiscVStates _states;

    /// <inheritdoc/>
    public int Xlen => _states.X.Width;

    /// <inheritdoc/>
    public ulong Extensions => ReadCsr(Misa) & 0x3FF_FFFF;

    /// <inheritdoc/>
    public bool IsWaiting
    {
        get => Read(_states.Waiting) != 0;
        set => Change(_states.Waiting, value ? 1ul : 0);
    }

    /// <inheritdoc/>
    public ulong Pending
    {
        get => (Read(_states.Pending) | Read(_states.ExternalLine) << External) & Interrupts;
        set
        {
            Write(_states.Pending, value & Interrupts & ~(1ul << External));
            Change(_states.ExternalLine, value >> External & 1);
        }
    }

    /// <inheritdoc/>
    public bool HasInterrupt => (Pending & Read(_states.Enabled)) != 0;

    /// <inheritdoc/>
    public bool IsUser
    {
        get => Read(_states.Mode) == User;
        set => Change(_states.Mode, value ? User : Supervisor);
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
        get => (uint)(Read(_states.Rounding) << 5 | Read(_states.Flags));
        set
        {
            Write(_states.Flags, value & 0x1F);
            Write(_states.Rounding, value >> 5 & 7);
        }
    }

    /// <inheritdoc/>
    public ulong ReadX(int register) => Read(_states.X, register);

    /// <inheritdoc/>
    public void WriteX(int register, ulong value) => Write(_states.X, value, register);

    /// <inheritdoc/>
    public ulong ReadF(int register) => Read(_states.F, register);

    /// <inheritdoc/>
    public void WriteF(int register, ulong value) => Write(_states.F, value, register);

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
        Write(_states.HartId, _id);
        Write(_states.Mode, Supervisor);
        Write(_states.DelegatedExceptions, GuestExceptions);
        Write(_states.DelegatedInterrupts, Interrupts);
        Write(_states.OpenCounters, AllCounters);
        Write(_states.ProtectionAddress, ulong.MaxValue >> (Xlen == 64 ? 10 : 32));
        Write(_states.ProtectionConfiguration, OpenRegion);
        WriteCsr(Scounteren, AllCounters);
        Pc = 0;
    }

    /// <inheritdoc/>
    public void FlushTranslations() => Cpu.FlushTranslations();

    private ulong Read(StateInfo state, int element = 0) => (ulong)StateAccess.Read<TIsa>(Header, state, -1, element);

    private void Write(StateInfo state, ulong value, int element = 0) => StateAccess.Write<TIsa>(Header, state, -1, element, value);

    /// <summary>Writes what execution depends on.</summary>
    private void Change(StateInfo state, ulong value)
    {
        Write(state, value);
        Cpu.StateChanged();
    }

    /// <summary>Carries out CSRRW or CSRRS, in machine mode, which has all registers; gives the old value.</summary>
    private ulong PerformCsr(uint function, int number, ulong? value)
    {
        var (mode, t0, t1) = (Read(_states.Mode), ReadX(T0), ReadX(T1));
        var source = value == null ? 0 : T0;
        WriteX(T0, value ?? 0);
        Write(_states.Mode, Machine);
        Span<byte> instruction = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(instruction, (uint)number << 20 | (uint)source << 15 | function << 12 | (uint)T1 << 7 | 0x73);
        Perform(instruction);
        var old = ReadX(T1);
        WriteX(T0, t0);
        WriteX(T1, t1);
        Change(_states.Mode, mode);
        return old;
    }
}
