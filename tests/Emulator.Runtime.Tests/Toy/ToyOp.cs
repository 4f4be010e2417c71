namespace Emulator.Runtime.Tests.Toy;

/// <summary>Operation codes: the first byte; then a, b, c. <see cref="Nop1"/> is a single byte, the others are four.</summary>
internal enum ToyOp : byte
{
    Add = 1,
    Load,
    Store,
    Jump,
    BranchNotZero,
    Call,
    Halt,
    Enable,
    Out,
    In,
    Flush,
    Return,
    Fill,
    Stop,
    Nop1,
    Modify,
    SetTable,
    AddReg,
    SetUser,
}
