using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>What the manual leaves undefined after an instruction: the one table behind every comparison with silicon.</summary>
/// <remarks>Source: SDM vol. 2, section "Flags Affected" of each instruction; vol. 1, appendix A (EFLAGS cross-reference).</remarks>
internal static class UndefinedResults
{
    private const uint CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80, OF = 0x800;

    private enum When
    {
        Always,
        CountNotZero,
        CountNotZeroOrOne,
        CountBeyondSize,
    }

    private static readonly (Mnemonic[] Mnemonics, uint Flags, When When)[] Table =
    [
        ([Mnemonic.Aaa, Mnemonic.Aas], OF | SF | ZF | PF, When.Always),
        ([Mnemonic.Aad, Mnemonic.Aam], OF | AF | CF, When.Always),
        ([Mnemonic.Daa, Mnemonic.Das], OF, When.Always),
        ([Mnemonic.And, Mnemonic.Or, Mnemonic.Xor, Mnemonic.Test], AF, When.Always),
        ([Mnemonic.Bsf, Mnemonic.Bsr], CF | OF | SF | AF | PF, When.Always),
        ([Mnemonic.Div, Mnemonic.Idiv], CF | OF | SF | ZF | AF | PF, When.Always),
        ([Mnemonic.Mul, Mnemonic.Imul], SF | ZF | AF | PF, When.Always),
        ([Mnemonic.Rcl, Mnemonic.Rcr, Mnemonic.Rol, Mnemonic.Ror], OF, When.CountNotZeroOrOne),
        ([Mnemonic.Shl, Mnemonic.Sal, Mnemonic.Shr, Mnemonic.Sar, Mnemonic.Shld, Mnemonic.Shrd], AF, When.CountNotZero),
        ([Mnemonic.Shl, Mnemonic.Sal, Mnemonic.Shr, Mnemonic.Sar, Mnemonic.Shld, Mnemonic.Shrd], OF, When.CountNotZeroOrOne),
        ([Mnemonic.Shl, Mnemonic.Sal, Mnemonic.Shr, Mnemonic.Shld, Mnemonic.Shrd], CF, When.CountBeyondSize),
    ];

    private static readonly ILookup<Mnemonic, (uint Flags, When When)> ByMnemonic =
        Table.SelectMany(row => row.Mnemonics.Select(m => (m, row.Flags, row.When))).ToLookup(e => e.m, e => (e.Flags, e.When));

    /// <summary>Every mnemonic with all flags that are ever left out of the comparison, for checks against the spec's own table.</summary>
    public static IEnumerable<(string Mnemonic, uint Flags)> ByName() =>
        ByMnemonic.Select(rows => (rows.Key.ToString().ToLowerInvariant(), rows.Aggregate(0u, (flags, row) => flags | row.Flags)));

    /// <summary>Flags that are undefined after a case of a form that raised no exception.</summary>
    public static uint Flags(SiliconForm form, in SiliconCase @case)
    {
        uint undefined = 0;
        foreach ((uint flags, When when) in ByMnemonic[form.Mnemonic])
        {
            int count = when == When.Always ? 0 : Count(form, @case);
            bool applies = when switch
            {
                When.Always => true,
                When.CountNotZero => count != 0,
                When.CountNotZeroOrOne => count > 1,
                _ => count >= 8 * form.OperandBytes,
            };
            if (applies)
                undefined |= flags;
        }

        return undefined;
    }

    /// <summary>Bytes above the selector that a 32-bit PUSH of a segment register may leave unwritten (SDM vol. 2, PUSH).</summary>
    public static int UnwrittenStackBytes(SiliconForm form) =>
        form.Info.OperandSize == 32 && form.Operands is [OpCodeOperandKind.cs or OpCodeOperandKind.ss or OpCodeOperandKind.ds or OpCodeOperandKind.es or OpCodeOperandKind.fs or OpCodeOperandKind.gs]
        && form.Mnemonic == Mnemonic.Push
            ? 2
            : 0;

    // The count of a shift or rotation, masked to five bits as every processor since the 80286 does.
    private static int Count(SiliconForm form, in SiliconCase @case) => form.Operands[^1] switch
    {
        OpCodeOperandKind.imm8_const_1 => 1,
        OpCodeOperandKind.imm8 => @case.Instruction[^1] & 31,
        _ => (int)(@case.Gpr[1] & 31),
    };
}
