namespace Emulator.Runtime.Assembly;

/// <summary>What a node of a decode expression is.</summary>
internal enum Operator : byte
{
    Const, Variable, Has, Ref, Next, Pc, After, Length, Bits, Opaque, Unknown,
    Neg, Not, PopCount, Clz, Ctz, ByteSwap, Parity, Abs,
    Add, Sub, Mul, UDiv, SDiv, URem, SRem, And, Or, Xor, Shl, LShr, AShr, Rotl, Rotr, Eq, Ne, ULt, ULe, SLt, SLe, Concat,
    Zext, Sext, Slice, Bit, Select, Table,
}
