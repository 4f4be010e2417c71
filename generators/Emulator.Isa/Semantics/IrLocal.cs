namespace Emulator.Isa.Semantics;

/// <summary>A variable or parameter of a function or body. <see cref="Name"/> is unique within it and a valid C# identifier.</summary>
public sealed class IrLocal(string name, int width, bool signed = false)
{
    public string Name { get; } = name;

    public int Width { get; } = width;

    /// <summary>How the source declared it; operators in the IR carry their own sign.</summary>
    public bool Signed { get; } = signed;

    public override string ToString() => Name;
}
