namespace Emulator.Hypervisor;

/// <summary>What a check of equivalence found.</summary>
/// <param name="Instructions">Instructions compared.</param>
/// <param name="Guests">Random guests.</param>
/// <param name="Statistics">The monitor's counters.</param>
/// <param name="Failure">The first difference; null when there was none.</param>
public sealed record EquivalenceResult(long Instructions, long Guests, MonitorStatistics Statistics, EquivalenceFailure? Failure);
