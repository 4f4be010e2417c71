using Emulator.Runtime.FloatingPoint;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>The operations by number, in both ways.</summary>
internal static class FloatOperations
{
    /// <summary>With our own arithmetic only.</summary>
    public static ulong Own(int bits, FloatOperation operation, ulong a, ulong b, ulong c, uint rules, out uint flags)
    {
        (FloatFormat f, FloatFormat other) = bits == 64 ? (FloatFormat.Binary64, FloatFormat.Binary32) : (FloatFormat.Binary32, FloatFormat.Binary64);
        return operation switch
        {
            FloatOperation.Add => SoftFloat.Add(f, a, b, false, rules, out flags),
            FloatOperation.Subtract => SoftFloat.Add(f, a, b, true, rules, out flags),
            FloatOperation.Multiply => SoftFloat.Multiply(f, a, b, rules, out flags),
            FloatOperation.Divide => SoftFloat.Divide(f, a, b, rules, out flags),
            FloatOperation.Root => SoftFloat.SquareRoot(f, a, rules, out flags),
            FloatOperation.Fused => SoftFloat.FusedMultiplyAdd(f, a, b, c, rules, out flags),
            FloatOperation.Convert => SoftFloat.Convert(f, other, a, rules, out flags),
            FloatOperation.To32 => (uint)SoftFloat.ToInteger(f, a, 32, true, rules, out flags),
            FloatOperation.To64 => SoftFloat.ToInteger(f, a, 64, true, rules, out flags),
            FloatOperation.From64 => SoftFloat.FromInteger(f, a, true, rules, out flags),
            _ => SoftFloat.Compare(f, a, b, operation == FloatOperation.CompareSignalling, out flags),
        };
    }

    /// <summary>As specs call them.</summary>
    public static ulong Called(int bits, FloatOperation operation, ulong a, ulong b, ulong c, uint rules, out uint flags) =>
        bits == 64 ? Double(operation, a, b, c, rules, out flags) : Single(operation, a, (uint)b, (uint)c, rules, out flags);

    private static ulong Double(FloatOperation operation, ulong a, ulong b, ulong c, uint rules, out uint flags) => operation switch
    {
        FloatOperation.Add => Float64.Add(a, b, rules, out flags),
        FloatOperation.Subtract => Float64.Subtract(a, b, rules, out flags),
        FloatOperation.Multiply => Float64.Multiply(a, b, rules, out flags),
        FloatOperation.Divide => Float64.Divide(a, b, rules, out flags),
        FloatOperation.Root => Float64.SquareRoot(a, rules, out flags),
        FloatOperation.Fused => Float64.FusedMultiplyAdd(a, b, c, rules, out flags),
        FloatOperation.Convert => Float64.ToFloat32(a, rules, out flags),
        FloatOperation.To32 => Float64.ToInteger32(a, true, rules, out flags),
        FloatOperation.To64 => Float64.ToInteger64(a, true, rules, out flags),
        FloatOperation.From64 => Float64.FromInteger(a, true, rules, out flags),
        _ => Float64.Compare(a, b, operation == FloatOperation.CompareSignalling, out flags),
    };

    private static ulong Single(FloatOperation operation, ulong a, uint b, uint c, uint rules, out uint flags) => operation switch
    {
        FloatOperation.Add => Float32.Add((uint)a, b, rules, out flags),
        FloatOperation.Subtract => Float32.Subtract((uint)a, b, rules, out flags),
        FloatOperation.Multiply => Float32.Multiply((uint)a, b, rules, out flags),
        FloatOperation.Divide => Float32.Divide((uint)a, b, rules, out flags),
        FloatOperation.Root => Float32.SquareRoot((uint)a, rules, out flags),
        FloatOperation.Fused => Float32.FusedMultiplyAdd((uint)a, b, c, rules, out flags),
        FloatOperation.Convert => Float32.ToFloat64((uint)a, rules, out flags),
        FloatOperation.To32 => Float32.ToInteger32((uint)a, true, rules, out flags),
        FloatOperation.To64 => Float32.ToInteger64((uint)a, true, rules, out flags),
        FloatOperation.From64 => Float32.FromInteger(a, true, rules, out flags),
        _ => Float32.Compare((uint)a, b, operation == FloatOperation.CompareSignalling, out flags),
    };
}
