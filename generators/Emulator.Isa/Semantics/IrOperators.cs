namespace Emulator.Isa.Semantics;

/// <summary>Unary operators. Counts have the operand's width; <see cref="Parity"/> is 1 for an even number of ones (width 1).</summary>
public enum IrUnary { Neg, Not, PopCount, Clz, Ctz, ByteSwap, Parity, Abs }

/// <summary>
/// Binary operators. Operands have equal widths but for shifts and rotations, whose count may have any width (a shift by the width or more gives 0 or the sign; a
/// rotation is modulo the width) and for <see cref="Concat"/> (left is high). Division by zero gives all ones, its remainder the dividend; signed overflow wraps. Comparisons have width 1.
/// </summary>
public enum IrBinary
{
    Add, Sub, Mul, UDiv, SDiv, URem, SRem, And, Or, Xor, Shl, LShr, AShr, Rotl, Rotr,
    Eq, Ne, ULt, ULe, SLt, SLe, Concat,
}

/// <summary>Width conversions.</summary>
public enum IrConversion { Zext, Sext, Trunc }

/// <summary>What a body may ask about its own instruction.</summary>
public enum InsnProperty { Pc, Next, Length, Bits }
