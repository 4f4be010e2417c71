using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Analysis;

/// <summary>
/// Finds definitions whose name occurs nowhere else in the spec. A name counts as used wherever the word occurs, so what is reported is certainly unused; what is
/// used only by itself, or shares its name with something else, is not found.
/// </summary>
internal static class UnusedDefinitions
{
    public static void Check(IsaFiles files, DiagnosticBag diagnostics)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in files.Files.SelectMany(f => f.Words)) counts[word.Key] = counts.TryGetValue(word.Key, out int count) ? count + word.Value : word.Value;
        foreach (var (name, what, span) in files.Files.SelectMany(f => f.Declarations).SelectMany(Definitions))
        {
            if (counts.TryGetValue(name, out int count) && count > 1) continue;
            diagnostics.Add(SemanticDiagnostics.Unused, span, $"the {what} '{name}' is never used");
        }
    }

    private static IEnumerable<(string Name, string What, SourceSpan Span)> Definitions(Decl declaration)
    {
        string? what = declaration switch
        {
            Decl.Function { Result: null } => "procedure",
            Decl.Function => "function",
            Decl.Extern => "extern",
            Decl.Undefined => "undefined result",
            Decl.Const => "constant",
            Decl.Table => "table",
            Decl.Enum => "enum",
            Decl.Space => "space",
            Decl.Memory => "memory",
            Decl.Group => "group",
            Decl.Derived => "derived state",
            Decl.Param => "parameter",
            _ => null,
        };
        if (what is not null) yield return (declaration.Name, what, declaration.Span);
        if (declaration is not Decl.Decode decode) yield break;
        foreach (var item in decode.Items)
        {
            string? kind = item switch
            {
                DecodeItem.Axis => "axis",
                DecodeItem.Variable => "decode variable",
                DecodeItem.Attribute => "attribute",
                DecodeItem.Procedure => "decode procedure",
                DecodeItem.Width => "width",
                DecodeItem.Value => "decode value",
                DecodeItem.Operand => "operand kind",
                DecodeItem.Text => "text",
                DecodeItem.Format => "format",
                _ => null,
            };
            if (kind is not null) yield return (item.Name, kind, item.Span);
        }
    }
}
