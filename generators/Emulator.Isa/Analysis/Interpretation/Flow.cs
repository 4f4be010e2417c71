namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>Where control goes after a statement.</summary>
internal enum Flow
{
    Next,
    Return,
    Trap,
}
