using System.Globalization;
using System.Text;

namespace Emulator.Conformance.Moo;

/// <summary>Runs 80286 vectors on a CPU under test: real mode, 16 MiB of RAM, through the HLT that ends each.</summary>
internal sealed class MooRunner
{
    // Bits 12 to 15 of FLAGS are set differently by a 286 and a 386 in real mode.
    private const ushort FlagsCompared = 0x0FFF;
    private const ushort Overflow = 0x0800;
    private const int StepLimit = 200_000;
    private const int Ss = 5, Sp = 8, FlagsIndex = 13;
    private const int StackFault = 12, GeneralProtection = 13;

    private static readonly string[] Registers = ["eax", "ebx", "ecx", "edx", "cs", "ss", "ds", "es", "esp", "ebp", "esi", "edi", "eip", "eflags"];

    private readonly ITestCpu _cpu;
    private readonly MooMetadata _metadata;
    private readonly byte[] _reset;
    private readonly int[] _registers = new int[14];
    private readonly int[] _bases = new int[14];

    public MooRunner(ITestCpu cpu, MooMetadata metadata)
    {
        _cpu = cpu;
        _metadata = metadata;
        cpu.Reset();
        _reset = cpu.SaveState();
        for (int i = 0; i < Registers.Length; i++)
        {
            bool segment = i is >= 4 and <= 7;
            _registers[i] = cpu.Require(segment ? Registers[i] + ".sel" : Registers[i]);
            _bases[i] = segment ? cpu.Require(Registers[i] + ".base") : -1;
        }
    }

    /// <summary>Vectors that raised 12 where the 286 raised 13.</summary>
    public int StackFaults { get; private set; }

    /// <summary>Runs a vector; null when it passes, else what differs.</summary>
    public string? Run(string opcode, MooTest test)
    {
        Load(test);
        StepResult result = default;
        int steps = 0;
        do
        {
            result = _cpu.Step();
            if (result.Trap == StackFault && steps == 0 && test.Exception is { Vector: GeneralProtection })
                StackFaults++;
        }
        while (result.Kind is StepKind.Completed or StepKind.Trapped && ++steps < StepLimit);

        string? failure = result.Kind == StepKind.Halted ? Compare(opcode, test) : $"did not halt ({result.Kind} after {steps} instructions)";
        Clear(test.Initial);
        Clear(test.Final);
        _cpu.WriteMemory(4 * StackFault, stackalloc byte[4]);
        return failure is null ? null : $"{test.Index} {test.Name} [{Convert.ToHexStringLower(test.Bytes)}]: {failure}";
    }

    private void Load(MooTest test)
    {
        MooState state = test.Initial;
        _cpu.LoadState(_reset);
        for (int i = 0; i < 14; i++)
        {
            ulong value = state.Registers[i];
            if (i == FlagsIndex)
                value = (value & FlagsCompared) | 2;
            _cpu.WriteRegister(_registers[i], value);
            if (_bases[i] >= 0)
                _cpu.WriteRegister(_bases[i], value << 4);
        }

        WriteRuns(state.Memory);
        if (test.Exception is { Vector: GeneralProtection })
        {
            // A word at offset FFFFh raises 13 on a 286 wherever it is; since the 386 it is 12 in the stack segment (SDM vol. 3, 20.1.4). Both lead to the same handler.
            Span<byte> entry = stackalloc byte[4];
            _cpu.ReadMemory(4 * GeneralProtection, entry);
            _cpu.WriteMemory(4 * StackFault, entry);
        }

        _cpu.StateChanged();
    }

    private void WriteRuns((uint Address, byte Value)[] memory)
    {
        Span<byte> run = stackalloc byte[64];
        for (int i = 0; i < memory.Length;)
        {
            int n = 0;
            while (n < run.Length && i + n < memory.Length && memory[i + n].Address == memory[i].Address + n)
                run[n] = memory[i + n++].Value;
            _cpu.WriteMemory(memory[i].Address, run[..n]);
            i += n;
        }
    }

    private void Clear(MooState state)
    {
        Span<byte> zero = [0];
        foreach ((uint address, _) in state.Memory)
            _cpu.WriteMemory(address, zero);
    }

    private string? Compare(string opcode, MooTest test)
    {
        StringBuilder? text = null;
        ushort flags = (ushort)(FlagsCompared & DefinedFlags(opcode, test));
        for (int i = 0; i < 14; i++)
        {
            ushort expected = Final(test, i);
            ushort actual = (ushort)_cpu.ReadRegister(_registers[i]);
            ushort mask = i == FlagsIndex ? flags : (ushort)0xFFFF;
            if (((expected ^ actual) & mask) != 0)
                Note(ref text, $"{MooFile.RegisterNames[i]} {actual & mask:x4}, not {expected & mask:x4}");
        }

        uint pushedFlags = PushedFlags(opcode, test) ?? uint.MaxValue;
        var expectedMemory = new SortedDictionary<uint, byte>();
        foreach ((uint address, byte value) in test.Initial.Memory)
            expectedMemory[address] = value;
        foreach ((uint address, byte value) in test.Final.Memory)
            expectedMemory[address] = value;
        Span<byte> now = stackalloc byte[1];
        foreach ((uint address, byte expected) in expectedMemory)
        {
            _cpu.ReadMemory(address, now);
            int mask = address == pushedFlags ? flags & 0xFF : address == pushedFlags + 1 ? flags >> 8 : 0xFF;
            if (((now[0] ^ expected) & mask) != 0)
                Note(ref text, $"[{address:x6}] {now[0] & mask:x2}, not {expected & mask:x2}");
        }

        return text?.ToString();
    }

    private static void Note(ref StringBuilder? text, FormattableString difference) =>
        (text = text?.Append("; ") ?? new StringBuilder()).Append(difference.ToString(CultureInfo.InvariantCulture));

    // SDM vol. 2, RCL/RCR/ROL/ROR: OF is undefined for counts other than 1. The metadata leaves C0 /2 and /3 (8-bit operands) out.
    private ushort DefinedFlags(string opcode, MooTest test)
    {
        ushort mask = _metadata.DefinedFlags(opcode);
        return opcode is "C0.2" or "C0.3" && (test.Instruction[^1] & 31) != 1 ? (ushort)(mask & ~Overflow) : mask;
    }

    // Where FLAGS went to the stack: its upper bits differ, and after an exception so do the undefined ones. (The address in the file is rounded down to an even one.)
    private static uint? PushedFlags(string opcode, MooTest test) =>
        test.Exception is not null ? (uint)(Final(test, Ss) << 4) + (ushort)(Final(test, Sp) + 4)
        : opcode is "9C" or "CC" or "CD" or "CE" ? (uint)((test.Initial.Registers[Ss] << 4) + (ushort)(test.Initial.Registers[Sp] - 2))
        : null;

    private static ushort Final(MooTest test, int register) =>
        (test.Final.Mask >> register & 1) != 0 ? test.Final.Registers[register] : test.Initial.Registers[register];
}
