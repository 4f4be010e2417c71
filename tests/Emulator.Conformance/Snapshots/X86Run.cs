using Emulator.X86;

namespace Emulator.Conformance.Snapshots;

/// <summary>Short programs given as bytes, recorded as text.</summary>
internal static class X86Run
{
    private const int Memory = 1 << 20;

    /// <summary>Address the program is loaded at in 32-bit protected mode.</summary>
    public const uint Origin = 0x1000;

    /// <summary>Watched data.</summary>
    public static MemoryWindow Data { get; } = new(0x2000, 64);

    /// <summary>Watched stack; ESP starts at its end.</summary>
    public static MemoryWindow Stack { get; } = new(0x3000, 64);

    /// <summary>Runs a program in flat protected mode at ring 0 until it halts.</summary>
    public static string Flat(byte[] code, Action<ITestCpu>? prepare = null, int limit = 200)
    {
        TestCpu<X86Isa> cpu = TestCpus.CreateX86(Memory);
        cpu.WriteMemory(Origin, code);
        TestCpus.EnterFlat(cpu, Origin);
        cpu.Set("esp", Stack.Address + (uint)Stack.Length);
        return Record(cpu, prepare, limit);
    }

    /// <summary>Runs a program in real mode at 0000:1000 until it halts.</summary>
    public static string Real(byte[] code, Action<ITestCpu>? prepare = null, int limit = 200)
    {
        TestCpu<X86Isa> cpu = TestCpus.CreateX86(Memory);
        cpu.WriteMemory(Origin, code);
        cpu.Set("cs.sel", 0);
        cpu.Set("cs.base", 0);
        cpu.Set("eip", Origin);
        cpu.Set("esp", Stack.Address + (uint)Stack.Length);
        return Record(cpu, prepare, limit);
    }

    /// <summary>Length and text of the instruction at the start of the bytes, in the CPU's present code size.</summary>
    public static (int Length, string Text) Disassemble(ITestCpu cpu, byte[] bytes, ulong pc)
    {
        const int DefaultSize = 0x4000;
        byte code = (byte)((cpu.Get("cs.attr") & DefaultSize) != 0 ? 32 : 16), stack = (byte)((cpu.Get("ss.attr") & DefaultSize) != 0 ? 32 : 16);
        int length = X86Disassembler.Disassemble(new X86DecodeMode { osz = code, asz = code, ssz = stack }, bytes, pc, out string text);
        return (length, text);
    }

    private static string Record(TestCpu<X86Isa> cpu, Action<ITestCpu>? prepare, int limit)
    {
        prepare?.Invoke(cpu);
        cpu.StateChanged();
        var recorder = new RunRecorder(cpu, X86Recording.Options(Disassemble, Data, Stack));
        recorder.Step(limit);
        return recorder.ToText();
    }
}
