namespace Emulator.Runtime.Assembly;

/// <summary>A decode value during the search: known, or a term over bits of the encoding that are not chosen yet.</summary>
internal readonly struct Symbol
{
    private Symbol(UInt128 value, Term? term)
    {
        Value = value;
        Term = term;
    }

    /// <summary>The value, when it is known.</summary>
    public UInt128 Value { get; }

    /// <summary>What it is, when it is not.</summary>
    public Term? Term { get; }

    public bool IsKnown => Term is null;

    public static implicit operator Symbol(UInt128 value) => new(value, null);

    public static implicit operator Symbol(Term term) => new(0, term);
}
