namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Whether an instruction completes: never means that it always traps.</summary>
public enum AccessKind
{
    Always,
    Sometimes,
    Never,
}
