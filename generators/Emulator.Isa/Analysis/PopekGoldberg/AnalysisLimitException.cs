namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>A body is too large or too deep to follow; caught where the execution began.</summary>
internal sealed class AnalysisLimitException : Exception
{
}
