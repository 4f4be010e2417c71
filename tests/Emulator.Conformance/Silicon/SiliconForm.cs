using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>How a form is encoded and what its operands are, taken from Iced's tables once.</summary>
internal sealed class SiliconForm
{
    public SiliconForm(Code code)
    {
        Code = code;
        Info = code.ToOpCode();
        Mnemonic = code.Mnemonic();
        Operands = [.. Enumerable.Range(0, Info.OpCount).Select(Info.GetOpKind)];
        HasModRm = Info.IsGroup || Info.IsRmGroup || Operands.Any(IsModRmOperand);
        MemoryOnly = Operands.Contains(OpCodeOperandKind.mem);
        RegisterOnly = HasModRm && !Operands.Any(IsMemoryOperand);
        PlusRegister = Operands.Any(k => k is OpCodeOperandKind.r8_opcode or OpCodeOperandKind.r16_opcode or OpCodeOperandKind.r32_opcode);
        UsesStack = Mnemonic is Mnemonic.Push or Mnemonic.Pop or Mnemonic.Call or Mnemonic.Ret or Mnemonic.Retf or Mnemonic.Enter or Mnemonic.Leave
            || code.ToString().StartsWith("Push", StringComparison.Ordinal) || code.ToString().StartsWith("Pop", StringComparison.Ordinal)
            || Mnemonic is Mnemonic.Iret or Mnemonic.Iretd;
        IsString = Operands.Any(k => k is OpCodeOperandKind.seg_rSI or OpCodeOperandKind.es_rDI);
        OperandBytes = Operands.Any(k => k is OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.al) ? 1 : Info.OperandSize == 16 ? 2 : 4;
    }

    public Code Code { get; }

    public OpCodeInfo Info { get; }

    public Mnemonic Mnemonic { get; }

    public OpCodeOperandKind[] Operands { get; }

    public bool HasModRm { get; }

    /// <summary>ModRM must name memory.</summary>
    public bool MemoryOnly { get; }

    /// <summary>ModRM must name a register.</summary>
    public bool RegisterOnly { get; }

    /// <summary>The low bits of the opcode name a register.</summary>
    public bool PlusRegister { get; }

    /// <summary>Uses the stack pointer without naming it.</summary>
    public bool UsesStack { get; }

    public bool IsString { get; }

    public int OperandBytes { get; }

    private static bool IsModRmOperand(OpCodeOperandKind kind) => IsMemoryOperand(kind) || kind is
        OpCodeOperandKind.r8_reg or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r32_rm
        or OpCodeOperandKind.seg_reg or OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg;

    private static bool IsMemoryOperand(OpCodeOperandKind kind) => kind is
        OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.mem;
}
