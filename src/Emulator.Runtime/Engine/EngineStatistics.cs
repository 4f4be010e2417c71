namespace Emulator.Runtime;

/// <summary>What an engine did so far.</summary>
/// <param name="BlocksBuilt">Basic blocks decoded.</param>
/// <param name="OperationsDecoded">Instructions decoded into them.</param>
/// <param name="Dispatches">Whole blocks entered.</param>
/// <param name="SingleSteps">Entries of one instruction or of part of a block.</param>
/// <param name="BlocksDropped">Blocks dropped because their bytes were written or remapped.</param>
/// <param name="ArenaFlushes">Times all blocks were dropped for lack of room.</param>
/// <param name="Contexts">Decode contexts met since the last arena flush.</param>
public readonly record struct EngineStatistics(
    long BlocksBuilt,
    long OperationsDecoded,
    long Dispatches,
    long SingleSteps,
    long BlocksDropped,
    long ArenaFlushes,
    int Contexts);
