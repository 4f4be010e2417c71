using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>A memory: a bus, or a paged memory over one.</summary>
public sealed class MemorySpec(string name, int index, int addressWidth, bool bigEndian, int pageBits, SourceSpan span)
{
    public string Name { get; } = name;

    /// <summary>Position in declaration order.</summary>
    public int Index { get; } = index;

    public int AddressWidth { get; } = addressWidth;

    public bool BigEndian { get; } = bigEndian;

    /// <summary>log2 of the page size; 0 for a bus.</summary>
    public int PageBits { get; } = pageBits;

    public bool IsBus => PageBits == 0;

    public SourceSpan Span { get; } = span;

    /// <summary>Translation function (address, access: u2, user: bool) : bus address.</summary>
    public IrFunction? Translate { get; set; }

    public MemorySpec? Over { get; set; }

    /// <summary>The `per` expression as a function without parameters, result of width 1; null means always 0.</summary>
    public IrFunction? Per { get; set; }
}
