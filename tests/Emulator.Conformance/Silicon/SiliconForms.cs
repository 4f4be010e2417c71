using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>The instruction forms that are executed on silicon.</summary>
internal static class SiliconForms
{
    private static readonly HashSet<CpuidFeature> Features =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.CMOV, CpuidFeature.CX8, CpuidFeature.MSR, CpuidFeature.MULTIBYTENOP,
    ];

    /// <summary>Mnemonics that are left out, and why; the report prints them.</summary>
    public static IReadOnlyDictionary<Mnemonic, string> Excluded { get; } = new Dictionary<Mnemonic, string>
    {
        [Mnemonic.Sgdt] = "UMIP of the host decides", [Mnemonic.Sidt] = "UMIP of the host decides", [Mnemonic.Sldt] = "UMIP of the host decides",
        [Mnemonic.Str] = "UMIP of the host decides", [Mnemonic.Smsw] = "UMIP of the host decides",
        [Mnemonic.Int1] = "delivered to the host's debugger interface",
        [Mnemonic.Ud0] = "length differs between makers", [Mnemonic.Ud1] = "length differs between makers",
        [Mnemonic.Reservednop] = "later processors define these encodings",
    };

    /// <summary>Every form, in Iced's order.</summary>
    public static IReadOnlyList<SiliconForm> All { get; } = [.. Enum.GetValues<Code>().Where(IsIncluded).Select(c => new SiliconForm(c))];

    private static bool IsIncluded(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        if (!info.IsInstruction || !info.Mode32 || info.Encoding != EncodingKind.Legacy || !code.CpuidFeatures().All(Features.Contains))
            return false;
        if (Excluded.ContainsKey(code.Mnemonic()))
            return false;

        // 16-bit BSWAP: "the result is undefined" (SDM vol. 2, BSWAP).
        return code != Code.Bswap_r16;
    }
}
