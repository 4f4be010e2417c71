namespace Emulator.Runtime.Assembly;

/// <summary>What a matched text says: an expression over decode values has a value.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Value">Its value.</param>
/// <param name="Written">The number as written, when it came from one: for errors.</param>
internal sealed record Constraint(DecodeExpression Expression, UInt128 Value, Int128? Written = null);
