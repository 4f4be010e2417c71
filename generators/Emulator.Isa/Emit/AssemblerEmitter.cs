using System.Globalization;
using System.Numerics;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>
/// Emits the assembler: the grammar that the runtime's search works on, as text (one item per line, lists in parentheses; see <see cref="DecodeText"/>), and
/// the methods that start it.
/// </summary>
internal sealed class AssemblerEmitter
{
    private readonly EmitContext context;
    private readonly List<string> lines = new();
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> operands = new(StringComparer.Ordinal);
    private readonly HashSet<DecodeVariable> declared = new();
    private readonly List<string> modes = new();

    private AssemblerEmitter(EmitContext context) => this.context = context;

    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        var emitter = new AssemblerEmitter(context);
        emitter.Grammar();
        return emitter.Files();
    }

    private IEnumerable<EmittedFile> Files()
    {
        int perFile = Math.Max(100, context.Options.MaxLines - 60);
        int files = (lines.Count + perFile - 1) / perFile;
        for (int i = 0; i < files; i++)
        {
            CodeWriter writer = CodeWriter.File(context.Namespace, "System.Collections.Generic", "Emulator.Runtime.Assembly");
            if (i == 0) writer.Summary($"Assembles single <c>{context.Model.Name}</c> instructions.".Replace("<c>", "").Replace("</c>", ""));
            writer.Open($"public static unsafe partial class {context.P}Assembler");
            if (i == 0) Entry(writer, files);
            writer.Line($"private const string Grammar{Int(i)} = \"\"\"").Indent();
            foreach (string line in lines.Skip(i * perFile).Take(perFile)) writer.Line(line);
            writer.Line().Line("\"\"\";").Unindent();
            writer.Close();
            yield return new EmittedFile($"{context.P}.Assembler{(i == 0 ? "" : "." + Int(i))}.cs", writer.ToString());
        }
    }

    private void Entry(CodeWriter writer, int files)
    {
        string p = context.P;
        string values = string.Join(", ", modes.Select(m => $"(ulong)mode.{Member(m)}"));
        string checkAlias = !HasAliases ? "" : $"""


                public int Disassemble(ReadOnlySpan<byte> bytes, int alias, out string text) => {p}Disassembler.Disassemble(in mode, bytes, pc, alias, out text);
            """;
        writer.Text($$"""
            private static readonly Assembler Search = new({{string.Join(" + ", Enumerable.Range(0, files).Select(i => $"Grammar{Int(i)}"))}});

            /// <summary>Assembles one instruction that is to stand at <paramref name="pc"/>: the shortest encoding whose disassembly is that text.</summary>
            /// <param name="mode">The mode it is to be decoded in.</param>
            /// <param name="pc">Its address.</param>
            /// <param name="text">The instruction, as the disassembler writes it; blanks, case and the notation of numbers do not matter.</param>
            /// <param name="bytes">Receives the encoding.</param>
            /// <param name="length">Bytes of the encoding; 0 when there is none.</param>
            /// <param name="error">What is wrong; empty when nothing is.</param>
            public static bool TryAssemble(in {{p}}DecodeMode mode, ulong pc, string text, Span<byte> bytes, out int length, out string error) =>
                Search.TryAssemble([{{values}}], pc, text, new Check(mode, pc), bytes, out length, out error);

            /// <summary>The texts an instruction of a mnemonic can have, with its operands as shapes: for completion and help.</summary>
            public static IReadOnlyList<string> Shapes(string mnemonic) => Search.Shapes(mnemonic);

            private sealed class Check({{p}}DecodeMode mode, ulong pc) : IDisassemblyCheck
            {
                public int Disassemble(ReadOnlySpan<byte> bytes, out string text) => {{p}}Disassembler.Disassemble(in mode, bytes, pc, out text);{{checkAlias}}
            }
            """);
        writer.Line();
        if (!HasAliases) return;
        writer.Text($$"""
            /// <summary>The same for a text that may be an alias: a pseudo-instruction, or an instruction whose shorter encoding has a name of its own.</summary>
            public static bool TryAssembleWithAliases(in {{p}}DecodeMode mode, ulong pc, string text, Span<byte> bytes, out int length, out string error) =>
                Search.TryAssemble([{{values}}], pc, text, new Check(mode, pc), bytes, out length, out error, aliases: true);
            """);
        writer.Line();
    }

    private bool HasAliases => context.Model.Decode.Forms.Exists(f => f.Cases.Exists(c => !c.Aliases.IsEmpty));

    private void Grammar()
    {
        IsaModel model = context.Model;
        DecodeModel decode = model.Decode;
        lines.Add($"(decode {(decode.Words ? "words" : "bytes")} {Int(decode.MaxLength)} {(decode.FetchMemory.BigEndian ? "big" : "little")})");
        foreach (StateView view in model.Views) lines.Add($"(view {Int(view.Width)} {string.Join(" ", RegisterNames(view).Select(DecodeText.Quote))})");
        foreach (IrTable table in model.Tables)
        {
            lines.Add(table.Width == 0
                ? $"(strings {table.Name} {string.Join(" ", table.Strings.Select(DecodeText.Quote))})"
                : $"(numbers {table.Name} {Int(table.Width)} {string.Join(" ", table.Values.Select(Value))})");
        }
        foreach (DecodeVariable variable in decode.Variables.OrderBy(v => v.Kind == DecodeVariableKind.Part)) Declare(variable);
        if (decode.SlashField is { } slash) lines.Add($"(slash {slash.Name} {slash.SlashPart?.Name ?? "-"})");
        foreach (DecodeVariable field in decode.Forms.SelectMany(f => f.FormatFields)) Declare(field);
        foreach (DecodeVariable slot in decode.Forms.SelectMany(f => f.Cases).SelectMany(c => c.Operands).SelectMany(o => o.Alternatives).Select(a => a.Slot).OfType<DecodeVariable>()) Declare(slot);
        foreach (KeyValuePair<string, IrStmt.Block> procedure in decode.Procedures) lines.Add($"(procedure {procedure.Key} {DecodeText.Of(procedure.Value)})");
        foreach (KeyValuePair<byte, IrStmt.Block> prefix in decode.Prefixes.OrderBy(x => x.Key)) lines.Add($"(prefix {Hex(prefix.Key)} {DecodeText.Of(prefix.Value)})");
        foreach ((IrExpr when, _) in decode.Rejects) lines.Add($"(reject {DecodeText.Of(when)})");
        foreach (FormModel form in decode.Forms)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Form(form);
        }
    }

    /// <summary>Names of the registers of a view, or made-up ones that no text shows.</summary>
    private static IEnumerable<string> RegisterNames(StateView view) =>
        view.Elements.Select((_, i) => i < view.Names.Length ? view.Names[i] : $"{view.Array.Name.ToLowerInvariant()}{Int(i)}");

    private void Declare(DecodeVariable variable)
    {
        if (!declared.Add(variable)) return;
        string extra = "";
        if (variable.IsRef) extra += " ref";
        if (!variable.AxisValues.IsEmpty) extra += " axis";
        if (variable.Initial is { } initial)
        {
            if (ReadsState(initial))
            {
                string axis = variable.Kind == DecodeVariableKind.Axis ? variable.Name : AxisOfDefault(variable);
                int mode = modes.IndexOf(axis);
                if (mode < 0)
                {
                    mode = modes.Count;
                    modes.Add(axis);
                }
                extra += $" (mode {Int(mode)})";
            }
            else extra += $" (init {DecodeText.Of(initial)})";
        }
        if (variable.Field is { } field) extra += $" (of {field.Name} {Int(variable.LowBit)})";
        if (!variable.Pieces.IsEmpty) extra += $" (pieces {string.Join(" ", variable.Pieces.Select(x => $"({Int(x.High)} {Int(x.Low)})"))})";
        if (variable.ShiftLeft > 0) extra += $" (shift {Int(variable.ShiftLeft)})";
        lines.Add($"(var {variable.Name} {variable.Kind.ToString().ToLowerInvariant()} {Int(variable.Width)}{extra})");
    }

    /// <summary>The axis whose initial value a variable keeps: they share the expression.</summary>
    private string AxisOfDefault(DecodeVariable variable) =>
        context.Model.Decode.Variables.First(v => v.Kind == DecodeVariableKind.Axis && ReferenceEquals(v.Initial, variable.Initial)).Name;

    private static bool ReadsState(IrExpr expression) => IrWalker.All(expression).Any(e => e is IrExpr.State or IrExpr.Call);

    private void Form(FormModel form)
    {
        var cases = form.Cases.Select(c =>
        {
            string axes = string.Join(" ", form.Axes.Select((axis, i) => $"({axis.Name} {Value(c.AxisValues[i])})"));
            string uses = string.Concat(c.Operands.Select(o => " " + Operand(o)));
            return $"(case ({axes}) {Text(c.Text)}{uses})";
        }).ToList();
        // The number of an alias counts those of the case, so that the check finds it; one per case, axes never join cases.
        foreach (FormCase c in form.Cases)
        {
            for (int i = 0; i < c.Aliases.Length; i++)
            {
                string axes = string.Join(" ", form.Axes.Select((axis, a) => $"({axis.Name} {Value(c.AxisValues[a])})"));
                string when = c.Aliases[i].When is { } condition ? DecodeText.Of(condition) : "-";
                cases.Add($"(alias {Int(i + 1)} {when} ({axes}) {Text(c.Aliases[i].Text)}{string.Concat(c.Operands.Select(o => " " + Operand(o)))})");
            }
        }
        string parts = "";
        if (form.WordBits > 0)
        {
            parts += $" (word {Int(form.WordBits)} {Value(form.Mask)} {Value(form.Value)}{string.Concat(form.FormatFields.Select(f => " " + f.Name))})";
        }
        else
        {
            parts += $" (bytes {string.Join(" ", form.Bytes.Select(Hex))})";
            if (form.Plus is not null) parts += $" (plus {form.Plus.Name})";
            if (form.Slash is { } slash) parts += $" (slash {(slash < 0 ? "r" : Int(slash))})";
        }
        if (form.When is not null) parts += $" (when {DecodeText.Of(form.When)})";
        if (!form.Attributes.IsEmpty) parts += $" (attributes {string.Join(" ", form.Attributes.Select(a => a.Name))})";
        lines.Add($"(form {Int(form.Index)} {form.Instruction.Name}{parts} {string.Join(" ", cases)})");
    }

    private string Text(TextNode node)
    {
        string text = DecodeText.Of(node);
        if (!texts.TryGetValue(text, out string? name))
        {
            texts.Add(text, name = $"T{Int(texts.Count)}");
            lines.Add($"(text {name} {text})");
        }
        return name;
    }

    private string Operand(OperandModel operand)
    {
        string alternatives = string.Join(" ", operand.Alternatives.Select(a =>
            $"(alt {a.Class.ToString().ToLowerInvariant()} {Int(operand.Width)} {a.After ?? "-"} {(a.When is null ? "-" : DecodeText.Of(a.When))} " +
            $"{a.Slot?.Name ?? "-"} {(a.DecodeValue is null ? "-" : DecodeText.Of(a.DecodeValue))} {Text(a.Text)})"));
        if (!operands.TryGetValue(alternatives, out string? name))
        {
            operands.Add(alternatives, name = $"O{Int(operands.Count)}");
            lines.Add($"(operand {name} {alternatives})");
        }
        return name;
    }

    private static string Hex(byte value) => value.ToString("X2", CultureInfo.InvariantCulture);

    private static string Value(BigInteger value) => value < 10 ? value.ToString(CultureInfo.InvariantCulture) : "0x" + CSharpNames.Hex(value);
}
