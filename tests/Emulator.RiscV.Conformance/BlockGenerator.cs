using System.Text.RegularExpressions;
using Emulator.Runtime;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Makes random blocks of an extension, mixed with instructions of I, that touch only the memory given to them and jump only forwards.</summary>
/// <remarks>
/// What an instruction writes and where it goes is read from its text and its metadata. In blocks with loads and stores three registers point to memory: they are never
/// written, and every address is based on one of them.
/// </remarks>
internal sealed partial class BlockGenerator
{
    private const int Instructions = 40;

    /// <summary>Registers that point to memory: those that compressed loads and stores can use.</summary>
    private static readonly string[] s_pointers = ["sp", "s0", "s1"];

    private static readonly string[] s_jumpsThroughRegisters = ["JALR", "C_JR", "C_JALR"];

    /// <summary>What may be accessed: state that both machines keep with the same bits, none of which changes how the harness runs. Not so: mepc and sepc, whose lowest bit
    /// QEMU 7.2 keeps; stvec and satp, where the manual leaves open what a mode that does not exist does, and QEMU has Sv57; mie and mideleg, in which QEMU 7.2 keeps bits of the hypervisor extension.</summary>
    private static readonly string[] s_csrs = ["mcause", "mtval", "sscratch", "scause", "stval", "sie", "mstatus", "sstatus"];

    /// <summary>Bits of mstatus that are written besides FS: SIE, MIE, SPIE, MPIE, SPP, MPP, SUM, MXR, TVM, TW, TSR. QEMU 7.2 keeps VS without a vector unit, too.</summary>
    private const uint StatusBits = 0x7C_19AA;

    /// <summary>MPP, of which 2 is no mode.</summary>
    private const uint StatusMode = 0x1800;

    private readonly RiscvWidth _width;
    private readonly FormSampler _sampler;
    private readonly Random _random;
    private readonly FormSample[] _own, _base;
    private readonly string[] _csrs;

    public BlockGenerator(RiscvWidth width, FormSampler sampler, Extension extension, int seed)
    {
        (_width, _sampler, _random) = (width, sampler, new Random(seed));
        _csrs = width.Metadata.Forms.Any(form => form.Instruction == "FADD_S") ? [.. s_csrs, "fflags", "frm", "fcsr"] : s_csrs;
        _own = [.. Of(extension)];
        _base = [.. Of(Extension.All[0]).Where(s => Info(s).Flags == 0 || !Info(s).EndsBlock)];
    }

    /// <summary>Forms of the extension that blocks are made of.</summary>
    public IEnumerable<FormSample> Own => _own;

    /// <summary>The next block.</summary>
    public Block Next(ulong address)
    {
        bool memory = _random.Next(3) != 0;
        string reservation = "";
        var code = new List<byte>();
        var forms = new List<int>();
        while (forms.Count < Instructions)
        {
            FormSample sample = _random.Next(4) == 0 ? _base[_random.Next(_base.Length)] : _own[_random.Next(_own.Length)];
            FormInfo info = Info(sample);
            if (Uses(info) && !memory)
                continue;

            // Whether SC of one width succeeds after LR of another is left open; QEMU 7.2 then stores and says it did not.
            if (info.Instruction.StartsWith("LR_", StringComparison.Ordinal))
                reservation = info.Instruction[3..];
            if (info.Instruction.StartsWith("SC_", StringComparison.Ordinal) && reservation is not "" && reservation != info.Instruction[3..])
                continue;
            if (info.EndsBlock)
                Jump(code, forms, sample, info, address, memory);
            else if (Instruction(sample, info, address + (ulong)code.Count, memory) is { } bytes)
                Append(code, forms, sample, bytes);
        }

        code.AddRange(FormSampler.Bytes(0x73, 4)); // ecall
        return new Block(address, [.. code], forms);
    }

    private static void Append(List<byte> code, List<int> forms, FormSample sample, byte[] bytes)
    {
        code.AddRange(bytes);
        forms.Add(sample.Form);
    }

    private static bool Uses(FormInfo form) => form.Reads.Concat(form.Writes).Any(name => name == "mem");

    private IEnumerable<FormSample> Of(Extension extension) => _sampler.Samples.Values.Where(s => extension.Has(Info(s))).OrderBy(s => s.Form);

    private FormInfo Info(FormSample sample) => _width.Metadata.Forms[sample.Form];

    /// <summary>A random instruction of a form that keeps the rules; null when chance found none.</summary>
    private byte[]? Instruction(FormSample sample, FormInfo info, ulong pc, bool memory)
    {
        for (int attempt = 0; attempt < 200; attempt++)
        {
            if (_sampler.Random(sample, _random) is not { } word)
                continue;
            byte[] bytes = FormSampler.Bytes(word, sample.Length);
            string text = _width.Disassemble(bytes, pc);
            if (memory && info.Writes.Contains("X") && s_pointers.Contains(Operands(text)[0]))
                continue;
            if (Uses(info) && !s_pointers.Contains(AddressRegister().Match(text).Groups[1].Value))
                continue;
            if (text.StartsWith("csrr", StringComparison.Ordinal))
                return Access(text, sample, pc, memory);
            return bytes;
        }

        return null;
    }

    /// <summary>An access to one of the registers that may be accessed; before one to the status register, a legal value for it.</summary>
    private byte[]? Access(string text, FormSample sample, ulong pc, bool memory)
    {
        string csr = _csrs[_random.Next(_csrs.Length)];
        text = Csr().Replace(text, m => m.Groups[1].Value + csr);
        string source = Operands(text)[2];
        byte[] before = [];
        if (csr.EndsWith("status", StringComparison.Ordinal) && Array.IndexOf(Registers, source) is >= 0 and var register)
        {
            if (register == 0 || memory && s_pointers.Contains(source))
                return null;
            uint value = (uint)_random.NextInt64() & StatusBits;
            if ((value & StatusMode) is not (0 or StatusMode))
                value |= StatusMode;

            // Floating point stays on, so that its registers can be accessed.
            value |= text.StartsWith("csrrc", StringComparison.Ordinal) ? 0 : (uint)_random.Next(1, 4) << 13;
            before = [.. Word(0x37 | Field(source, 7) | ((value + 0x800) & 0xFFFF_F000)), .. Word(0x13 | Field(source, 7) | Field(source, 15) | (value << 20))];
        }

        else if (csr.EndsWith("status", StringComparison.Ordinal) && text.StartsWith("csrrwi", StringComparison.Ordinal))
        {
            return null;
        }

        return _width.Assemble(text, pc, out _) is { } access && access.Length == sample.Length ? [.. before, .. access] : null;
    }

    /// <summary>A branch or jump over one instruction.</summary>
    private void Jump(List<byte> code, List<int> forms, FormSample sample, FormInfo info, ulong address, bool memory)
    {
        FormSample skippedForm = _base[_random.Next(_base.Length)];
        if (Uses(Info(skippedForm)) && !memory)
            return;
        ulong pc = address + (ulong)code.Count;
        if (Instruction(skippedForm, Info(skippedForm), pc, memory) is not { } skipped || Instruction(sample, info, pc, memory) is not { } any)
            return;
        string text = _width.Disassemble(any, pc);
        if (!s_jumpsThroughRegisters.Contains(info.Instruction))
        {
            text = Target().Replace(text, $"0x{pc + (ulong)(sample.Length + skipped.Length):x}");
            if (_width.Assemble(text, pc, out _) is not { } jump || jump.Length != sample.Length)
                return;
            Append(code, forms, sample, jump);
            code.AddRange(skipped);
            return;
        }

        // The register is made to point behind the instruction that is skipped.
        string register = info.Instruction == "JALR" ? AddressRegister().Match(text).Groups[1].Value : Operands(text)[0];
        if (register == "zero" || memory && s_pointers.Contains(register))
            return;
        byte[] here = _width.Assemble($"auipc {register}, 0x0", pc, out _)!;
        int target = 8 + sample.Length + skipped.Length, offset = 0;
        if (info.Instruction == "JALR")
        {
            offset = _random.Next(-1000, 1000);
            text = Regex.Replace(text, @"-?\d+\(", $"{offset}(");
        }

        byte[] add = Word(0x13 | Field(register, 7) | Field(register, 15) | ((uint)(target - offset) << 20));
        if (_width.Assemble(text, pc + 8, out _) is not { } through || through.Length != sample.Length)
            return;
        code.AddRange(here);
        code.AddRange(add);
        Append(code, forms, sample, through);
        code.AddRange(skipped);
    }

    private static byte[] Word(uint word) => FormSampler.Bytes(word, 4);

    private static uint Field(string register, int shift) => (uint)Array.IndexOf(Registers, register) << shift;

    private static readonly string[] Registers =
        "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".Split(' ');

    private static string[] Operands(string text)
    {
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? [""] : text[(blank + 1)..].Split(", ");
    }

    [GeneratedRegex(@"\((\w+)\)")]
    private static partial Regex AddressRegister();

    [GeneratedRegex(@"^(\S+ \w+, )[^,]+")]
    private static partial Regex Csr();

    [GeneratedRegex(@"0x[0-9a-f]+$")]
    private static partial Regex Target();
}
