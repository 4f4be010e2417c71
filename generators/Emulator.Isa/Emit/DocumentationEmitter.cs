using System.Text;
using Emulator.Isa.Analysis;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>
/// Writes an instruction reference in Markdown: a page per chapter with every instruction's encodings, texts, operands, gates, what it reads, writes and raises,
/// flags, undefined results and semantics; and an index.
/// </summary>
public sealed class DocumentationEmitter
{
    private readonly EmitContext context;
    private readonly Func<SourceSpan, string?> source;
    private readonly IReadOnlyList<FormFacts> facts;

    private DocumentationEmitter(EmitContext context, Func<SourceSpan, string?> source)
    {
        this.context = context;
        this.source = source;
        EffectAnalysis.Run(context.Facts, context.Cancellation);
        BlockEnds.Run(context.Facts);
        facts = FormFacts.Of(context.Facts);
    }

    /// <summary>Emits the pages.</summary>
    /// <param name="context">The model, free of errors.</param>
    /// <param name="source">The spec text of a place, for semantics as written; null where it is not at hand.</param>
    public static IReadOnlyList<EmittedFile> Emit(EmitContext context, Func<SourceSpan, string?> source)
    {
        var emitter = new DocumentationEmitter(context, source);
        var chapters = context.Model.Instructions.GroupBy(i => i.Chapter, StringComparer.Ordinal).ToList();
        return chapters.Select(c => new EmittedFile(FileOf(c.Key), emitter.Chapter(c.Key, c.ToList())))
            .Prepend(new EmittedFile("index.md", emitter.Index(chapters))).ToList();
    }

    /// <summary>File name of a chapter's page.</summary>
    private static string FileOf(string chapter)
    {
        var name = new StringBuilder();
        foreach (char c in chapter.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c)) name.Append(c);
            else if (name.Length > 0 && name[name.Length - 1] != '-') name.Append('-');
        }
        return name.ToString().Trim('-') + ".md";
    }

    private string Index(List<IGrouping<string, InstructionModel>> chapters)
    {
        IsaModel model = context.Model;
        var text = new StringBuilder();
        Line(text, $"# {model.Name}");
        Line(text, "");
        Line(text, $"{Int(model.Instructions.Count)} instructions in {Int(model.Decode.Forms.Count)} forms.");
        foreach (IGrouping<string, InstructionModel> chapter in chapters)
        {
            Line(text, "");
            Line(text, $"## [{chapter.Key}]({FileOf(chapter.Key)})");
            Line(text, "");
            Line(text, string.Join(", ", chapter.Select(i => $"[{i.Name}]({FileOf(chapter.Key)}#{i.Name.ToLowerInvariant()})")));
        }
        Line(text, "");
        Line(text, "## Traps");
        Line(text, "");
        Line(text, "| trap | number | class | kind | parameters |");
        Line(text, "|---|---|---|---|---|");
        foreach (TrapSpec trap in model.Traps)
            Line(text, $"| {trap.Name} | {Int(trap.Number)} | {trap.Class} | {trap.Kind} | {string.Join(", ", trap.Parameters.Select(p => $"{p.Name}: u{Int(p.Width)}"))} |");
        return text.ToString();
    }

    private string Chapter(string chapter, List<InstructionModel> instructions)
    {
        var text = new StringBuilder();
        Line(text, $"# {chapter}");
        foreach (InstructionModel instruction in instructions)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Instruction(text, instruction);
        }
        return text.ToString();
    }

    private void Instruction(StringBuilder text, InstructionModel instruction)
    {
        Line(text, "");
        Line(text, $"## {instruction.Name}");
        Line(text, "");
        foreach (string line in instruction.Doc.Trim().Split('\n').Where(l => l.Trim().Length > 0)) Line(text, line.Trim());
        if (instruction.Doc.Trim().Length > 0) Line(text, "");
        string reason = instruction.Reason is { Length: > 0 } r ? $": {r}" : "";
        string restartable = instruction.Restartable ? ", restartable" : "";
        Line(text, $"{Capital(instruction.Mark)}{reason}{restartable}. {instruction.NameSpan.File}, line {Int(instruction.NameSpan.Line)}.");
        Line(text, "");
        Line(text, "| encoding | text | operands |");
        Line(text, "|---|---|---|");
        foreach (FormModel form in instruction.Forms)
        {
            string over = form.Over.IsEmpty ? "" : $" (over {string.Join(", ", form.Over)})";
            Line(text, $"| `{form.Text}`{over} | {string.Join("<br>", Mnemonics.Shapes(form).Select(Code))} | {(form.OperandsText.Length > 0 ? Code(form.OperandsText) : "")} |");
        }
        Line(text, "");
        foreach (bool inputOnly in new[] { false, true })
        {
            if (Mnemonics.Aliases(instruction, inputOnly) is { Count: > 0 } aliases) Line(text, $"- {(inputOnly ? "Also read, never written" : "Also written")}: {string.Join(", ", aliases.Select(Code))}");
        }
        foreach (string gate in instruction.Gates) Line(text, $"- Requires {Code(gate)}");
        Facts(text, instruction);
        if (instruction.Forms.SelectMany(f => f.Cases).SelectMany(c => c.Variants).FirstOrDefault() is not { } variant || source(variant.Body.Span) is not { } body) return;
        Line(text, "");
        Line(text, "```");
        foreach (string line in Dedented(body)) Line(text, line);
        Line(text, "```");
    }

    /// <summary>What is derived, over all forms.</summary>
    private void Facts(StringBuilder text, InstructionModel instruction)
    {
        List<FormFacts> own = instruction.Forms.Select(f => facts[f.Index]).ToList();
        Names(text, "Reads", own.SelectMany(f => f.Reads));
        Names(text, "Writes", own.SelectMany(f => f.Writes));
        Names(text, "May raise", own.SelectMany(f => f.Traps));
        Names(text, "Flags used", own.SelectMany(f => f.FlagsConsumed));
        Names(text, "Flags set", own.SelectMany(f => f.FlagsProduced));
        Names(text, "Left open by the manual", own.SelectMany(f => f.Undefined));
        if (own.Count > 0 && own.All(f => f.AlwaysJumps)) Line(text, "- Always jumps");
        else if (own.Any(f => f.EndsBlock)) Line(text, "- Ends a basic block");
    }

    private static void Names(StringBuilder text, string title, IEnumerable<string> names)
    {
        string list = string.Join(", ", names.Distinct().OrderBy(n => n, StringComparer.Ordinal));
        if (list.Length > 0) Line(text, $"- {title}: {list}");
    }

    private static IEnumerable<string> Dedented(string body)
    {
        string[] lines = body.Replace("\r", "").Split('\n');
        int indent = lines.Skip(1).Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        for (int i = 0; i < lines.Length; i++) yield return i == 0 ? lines[i].TrimEnd() : lines[i].Length > indent ? lines[i].Substring(indent).TrimEnd() : "";
    }

    private static string Code(string text) => "`" + text.Replace("|", "\\|") + "`";

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word.Substring(1);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
