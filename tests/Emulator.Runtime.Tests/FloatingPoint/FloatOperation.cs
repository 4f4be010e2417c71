namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>Operations of the native harness, in its order.</summary>
internal enum FloatOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Root,
    Fused,
    Convert,
    To32,
    To64,
    From64,
    Compare,
    CompareSignalling,
}
