using System.Diagnostics.CodeAnalysis;

namespace Emulator.Machines;

/// <summary>Either a value or the error that prevented it.</summary>
public readonly record struct Loaded<T>
    where T : class
{
    private Loaded(T? value, ImageError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value, null on an error.</summary>
    public T? Value { get; }

    /// <summary>The error, null on success.</summary>
    public ImageError? Error { get; }

    /// <summary>Success.</summary>
    public static implicit operator Loaded<T>(T value) => new(value, null);

    /// <summary>Failure.</summary>
    public static implicit operator Loaded<T>(ImageError error) => new(null, error);

    /// <summary>Takes the value apart from the error.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ImageError? error)
    {
        value = Value;
        error = value is null ? Error ?? new ImageError("?", "?", "nothing was loaded", "give an image") : null;
        return value is not null;
    }
}
