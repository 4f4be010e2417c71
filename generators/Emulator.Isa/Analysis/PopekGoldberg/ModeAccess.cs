namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Whether a form may be used in a mode.</summary>
/// <param name="Mode">Name of the mode.</param>
/// <param name="Kind">always, sometimes or never.</param>
/// <param name="Trapping">For <c>sometimes</c>: the condition under which it traps, as far as one can be given.</param>
public sealed record ModeAccess(string Mode, AccessKind Kind, string Trapping);
