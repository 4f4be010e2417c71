using System.Collections.Immutable;

namespace Emulator.Isa.Syntax;

/// <summary>The attributes of a state, record field or bit-field group.</summary>
public sealed record StateAttributes
{
    public static readonly StateAttributes None = new();

    public bool Pc { get; init; }

    public bool Hidden { get; init; }

    public bool Keep { get; init; }

    /// <summary>Argument of <c>resource(...)</c>.</summary>
    public string? Role { get; init; }

    public Expr? Reset { get; init; }

    public Stmt.Block? OnWrite { get; init; }

    public ImmutableArray<string> Names { get; init; } = ImmutableArray<string>.Empty;
}
