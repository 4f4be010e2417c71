using Iced.Intel;

namespace Emulator.Conformance.Sweep;

/// <summary>Iced, set up as the CPU we describe: what it decodes of later extensions counts as invalid.</summary>
internal sealed class SecondOpinion
{
    // Encodings that a later extension took from an instruction that ignored the prefix, and reserved NOPs.
    private const DecoderOptions Options = DecoderOptions.NoMPFX_0FBC | DecoderOptions.NoMPFX_0FBD | DecoderOptions.NoWbnoinvd | DecoderOptions.ForceReservedNop;

    private static readonly HashSet<CpuidFeature> Features =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL8086_ONLY, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.CPUID, CpuidFeature.MSR, CpuidFeature.TSC, CpuidFeature.RDPMC, CpuidFeature.CX8, CpuidFeature.CMOV, CpuidFeature.SEP, CpuidFeature.SMM,
        CpuidFeature.MULTIBYTENOP, CpuidFeature.UDBG, CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.FXSR,
        CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.PAUSE, CpuidFeature.CLFSH,
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
        options.ShowBranchSize = false;
        options.BranchLeadingZeros = false;
        options.NasmShowSignExtendedImmediateSize = false;
    }

    /// <summary>The instruction; invalid when the CPU described does not have it.</summary>
    public bool Decode(int bits, byte[] bytes, uint ip, out Instruction instruction)
    {
        var decoder = Iced.Intel.Decoder.Create(bits, bytes, ip, Options);
        decoder.Decode(out instruction);
        return !instruction.IsInvalid && InScope(instruction.Code);
    }

    /// <summary>The text.</summary>
    public string Format(in Instruction instruction)
    {
        _output.Reset();
        _formatter.Format(instruction, _output);
        return _output.ToString();
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
