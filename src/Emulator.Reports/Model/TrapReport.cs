namespace Emulator.Reports.Model;

/// <summary>A trap and the instructions that may raise it.</summary>
/// <param name="Trap">Name.</param>
/// <param name="Number">Number.</param>
/// <param name="Kind">Kind, as in the spec.</param>
/// <param name="RaisedBy">Instructions, those that raise it in the relocation map included.</param>
public sealed record TrapReport(string Trap, int Number, string Kind, IReadOnlyList<string> RaisedBy);
