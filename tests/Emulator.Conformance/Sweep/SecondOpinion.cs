using Iced.Intel;

namespace Emulator.Conformance.Sweep;

/// <summary>Iced, set up as the CPU we describe: what it decodes of later extensions counts as invalid.</summary>
internal sealed class SecondOpinion
{
    // Encodings that a later extension took from an instruction that ignored the prefix.
    private const DecoderOptions Options = DecoderOptions.NoMPFX_0FBC | DecoderOptions.NoMPFX_0FBD | DecoderOptions.NoWbnoinvd;

    // What later extensions made of REPNE, REP and DS before branches and locked instructions (MPX, CET, TSX); without them the prefixes mean nothing.
    private static readonly string[] LaterPrefixes = ["bnd ", "notrack ", "xacquire ", "xrelease "];

    private static readonly HashSet<CpuidFeature> Features =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL8086_ONLY, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.CPUID, CpuidFeature.MSR, CpuidFeature.TSC, CpuidFeature.RDPMC, CpuidFeature.CX8, CpuidFeature.CMOV, CpuidFeature.SEP, CpuidFeature.SMM,
        CpuidFeature.MULTIBYTENOP, CpuidFeature.UDBG, CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.FXSR,
        CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.PAUSE, CpuidFeature.CLFSH, CpuidFeature.VMX, CpuidFeature.INVEPT, CpuidFeature.INVVPID,
    ];

    private readonly NasmFormatter _formatter = new();
    private readonly StringOutput _output = new();
    private readonly InstructionInfoFactory _infos = new();

    public SecondOpinion()
    {
        FormatterOptions options = _formatter.Options;
        options.HexPrefix = "0x";
        options.HexSuffix = null;
        options.UppercaseHex = false;
        options.SmallHexNumbersInDecimal = false;
        options.SpaceAfterOperandSeparator = true;
        options.MemorySizeOptions = MemorySizeOptions.Always;
        options.SignedMemoryDisplacements = true;
        options.ShowBranchSize = true;
        options.BranchLeadingZeros = false;
        options.NasmShowSignExtendedImmediateSize = false;
    }

    /// <summary>The instruction; invalid when the CPU described does not have it.</summary>
    public bool Decode(int bits, byte[] bytes, uint ip, out Instruction instruction)
    {
        if (Decode(bits, bytes, ip, Options, out instruction))
            return true;

        // What a later extension defined among the reserved NOPs still is one.
        Instruction later = instruction;
        if (Decode(bits, bytes, ip, Options | DecoderOptions.ForceReservedNop, out instruction))
            return true;
        instruction = later;
        return false;
    }

    private static bool Decode(int bits, byte[] bytes, uint ip, DecoderOptions options, out Instruction instruction)
    {
        Iced.Intel.Decoder.Create(bits, bytes, ip, options).Decode(out instruction);
        return !instruction.IsInvalid && InScope(instruction.Code);
    }

    /// <summary>The text.</summary>
    public string Format(in Instruction instruction)
    {
        _output.Reset();

        // Iced's names for forms with a default operand, as an assembler takes them; but a comparison keeps its number.
        _formatter.Options.UsePseudoOps = instruction.Mnemonic is not (Mnemonic.Cmpps or Mnemonic.Cmppd or Mnemonic.Cmpss or Mnemonic.Cmpsd);
        _formatter.Format(instruction, _output);
        string text = _output.ToString();

        foreach (string prefix in LaterPrefixes)
            text = text.Replace(prefix, "", StringComparison.Ordinal);
        return text;
    }

    /// <summary>Registers, memory and flags it uses; valid until the next call.</summary>
    public InstructionInfo Effects(in Instruction instruction) => _infos.GetInfo(instruction);

    private static bool InScope(Code code)
    {
        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            if (!Features.Contains(feature))
                return false;
        }

        return true;
    }
}
