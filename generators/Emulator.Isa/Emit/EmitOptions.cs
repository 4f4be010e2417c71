namespace Emulator.Isa.Emit;

/// <summary>What the caller of the back end may choose.</summary>
/// <param name="Namespace">Namespace of everything generated: <c>Emulator.Demo</c>.</param>
/// <param name="Lines">Whether handlers and functions carry <c>#line</c> directives into the spec.</param>
/// <param name="MaxLines">Lines after which a further file is begun.</param>
public sealed record EmitOptions(string Namespace, bool Lines = false, int MaxLines = 1900)
{
    /// <summary>Specialise readers of deferred groups for the producers met in the same block.</summary>
    public bool Specialise { get; init; } = true;
}
