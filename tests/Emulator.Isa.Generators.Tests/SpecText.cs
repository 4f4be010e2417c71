using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Isa.Generators.Tests;

/// <summary>A spec file in memory.</summary>
internal sealed class SpecText(string path, string text) : AdditionalText
{
    private readonly SourceText source = SourceText.From(text, System.Text.Encoding.UTF8);

    public override string Path { get; } = path;

    public string Text { get; } = text;

    public override SourceText GetText(CancellationToken cancellationToken = default) => source;

    /// <summary>The same file with a part of its text replaced, which must occur.</summary>
    public SpecText Edit(string old, string with)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        int at = Text.IndexOf(old, StringComparison.Ordinal);
        return new SpecText(Path, Text[..at] + with + Text[(at + old.Length)..]);
    }
}
