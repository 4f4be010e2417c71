namespace Emulator.Runtime;

/// <summary>What a CPU is made with.</summary>
public sealed class CpuOptions
{
    /// <summary>The bus of every `bus` memory of the spec, by name. Missing ones get an empty bus that reads all ones.</summary>
    public required IReadOnlyDictionary<string, Bus> Buses { get; init; }

    /// <summary>The instance of the generated externs class; may also be set later through <see cref="CpuContext.Externs"/>.</summary>
    public object? Externs { get; init; }

    /// <summary>The machine's clock; a virtual one when not given.</summary>
    public Clock Clock { get; init; } = new();

    /// <summary>A processor of the same kind whose cached translations this one shares, and which outlives it; null for translations of its own.</summary>
    public CpuContext? TranslationsOf { get; init; }

    /// <summary>Bytes for decoded code; at least 64 KB.</summary>
    public int CodeCacheSize { get; init; } = 64 << 20;

    /// <summary>Guest time in seconds without any instruction after which a run of an idle CPU returns, though events go on.</summary>
    public double IdleLimit { get; init; } = 10;
}
