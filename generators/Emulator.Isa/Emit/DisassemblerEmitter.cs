using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>
/// Emits the disassembler: one method per distinct text of a form, of an operand, and of a part that several texts share; a table says which text a form has
/// under its axis values.
/// </summary>
internal sealed class DisassemblerEmitter
{
    private readonly EmitContext context;
    private readonly DisassemblerTexts texts;
    private readonly DecodedExpressionEmitter expressions = new("i");
    private readonly List<EmittedFile> files = new();
    private readonly List<int> methods = new();
    private readonly SortedSet<string> tables = new(StringComparer.Ordinal);
    private CodeWriter writer = null!;

    /// <summary>Characters of statements that may stand on one line.</summary>
    private const int MaxStatement = 150;

    private DisassemblerEmitter(EmitContext context)
    {
        this.context = context;
        texts = new DisassemblerTexts(context);
    }

    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        var emitter = new DisassemblerEmitter(context);
        emitter.Run();
        return emitter.files;
    }

    private void Run()
    {
        Begin($"Assembly text of decoded <c>{context.Model.Name}</c> instructions.");
        Entry();
        if (texts.Aliases.Count > 0) AliasEntry();
        Dispatch();
        foreach (int i in methods) Method($"T{Int(i)}", texts.Forms[i].Text, texts.Forms[i].Operands, texts.Forms[i].Title);
        for (int i = 0; i < texts.Operands.Count; i++) Operand($"O{Int(i)}", texts.Operands[i]);
        for (int i = 0; i < texts.Shared.Count; i++) Method($"P{Int(i)}", texts.Shared[i], null, null, shared: true);
        Tables();
        End();
    }

    private void Begin(string? summary = null)
    {
        writer = CodeWriter.File(context.Namespace);
        if (summary is not null) writer.Summary(summary);
        writer.Open($"public static unsafe partial class {context.P}Disassembler");
    }

    private void End()
    {
        writer.Close();
        string part = files.Count == 0 ? "" : "." + Int(files.Count);
        files.Add(new EmittedFile($"{context.P}.Disassembler{part}.cs", writer.ToString()));
    }

    private void Split()
    {
        context.Cancellation.ThrowIfCancellationRequested();
        if (writer.Lines < context.Options.MaxLines - 250) return;
        End();
        Begin();
    }

    private void Entry()
    {
        string p = context.P;
        writer.Text($$"""
            /// <summary>Most characters the text of an instruction can have.</summary>
            public const int MaxTextLength = {{Int(texts.MaxLength)}};

            /// <summary>The text of a decoded instruction; "(bad)" for bytes that decoding rejected.</summary>
            public static string Format(in {{p}}Instruction instruction)
            {
                TextBuilder text = new(stackalloc char[MaxTextLength]);
                Format(in instruction, ref text);
                return text.ToString();
            }

            /// <summary>Decodes and formats the instruction at the start of <paramref name="bytes"/>.</summary>
            /// <returns>Its length in bytes; 0 when more bytes are needed, -1 when they are no instruction: then the text is empty.</returns>
            public static int Disassemble(in {{p}}DecodeMode mode, ReadOnlySpan<byte> bytes, ulong pc, out string text)
            {
                {{p}}Instruction instruction = default;
                int length;
                fixed (byte* start = bytes) length = {{p}}Decoder.Decode(in mode, start, bytes.Length, pc, &instruction);
                text = length > 0 ? Format(in instruction) : "";
                return length;
            }

            /// <summary>Writes the text of a decoded instruction without allocating.</summary>
            public static void Format(in {{p}}Instruction instruction, ref TextBuilder text)
            {
                if (instruction.RejectTrap != 0) text.Append("(bad)");
                else Format(Texts[Cases[instruction.Form] + instruction.Case], in instruction, ref text);
            }
            """);
        writer.Line();
        writer.Line("/// <summary>Where the texts of a form begin in <see cref=\"Texts\"/>.</summary>");
        Numbers("ushort", "Cases", texts.CaseStarts);
        writer.Line();
        writer.Line("/// <summary>The text of every form under each combination of its axis values.</summary>");
        Numbers("ushort", "Texts", texts.TextOfCase);
        writer.Line();
        if (context.Model.Views.Count > 0)
        {
            writer.Line("/// <summary>Register names by reference; the first is of no register.</summary>");
            Strings("Registers", texts.RegisterNames);
        }
    }

    /// <summary>What there is more in a spec with aliases.</summary>
    private void AliasEntry()
    {
        string p = context.P;
        writer.Line();
        writer.Text($$"""
            /// <summary>Decodes and formats the instruction at the start of <paramref name="bytes"/>, with aliases where the spec has some: pseudo-instructions.</summary>
            /// <returns>Its length in bytes; 0 when more bytes are needed, -1 when they are no instruction: then the text is empty.</returns>
            public static int DisassembleWithAliases(in {{p}}DecodeMode mode, ReadOnlySpan<byte> bytes, ulong pc, out string text) =>
                Disassemble(in mode, bytes, pc, -1, out text);

            /// <summary>Writes the first alias of a decoded instruction that applies, or else its own text, without allocating.</summary>
            public static void FormatWithAliases(in {{p}}Instruction instruction, ref TextBuilder text)
            {
                int before = text.Length;
                if (instruction.RejectTrap == 0)
                {
                    int number = Cases[instruction.Form] + instruction.Case;
                    for (int i = AliasStarts[number]; i < AliasStarts[number + 1] && text.Length == before; i++)
                    {
                        if ((Aliases[i] & 1) == 0) Format(Aliases[i] >> 1, in instruction, ref text);
                    }
                }
                if (text.Length == before) Format(in instruction, ref text);
            }

            /// <summary>The text with aliases for -1, without for 0; a positive number takes that alias of the form, which gives no text where it does not apply.</summary>
            internal static int Disassemble(in {{p}}DecodeMode mode, ReadOnlySpan<byte> bytes, ulong pc, int alias, out string text)
            {
                {{p}}Instruction instruction = default;
                int length;
                fixed (byte* start = bytes) length = {{p}}Decoder.Decode(in mode, start, bytes.Length, pc, &instruction);
                TextBuilder builder = new(stackalloc char[MaxTextLength]);
                if (length > 0 && alias < 0) FormatWithAliases(in instruction, ref builder);
                else if (length > 0 && alias == 0) Format(in instruction, ref builder);
                else if (length > 0 && instruction.RejectTrap == 0)
                {
                    int number = Cases[instruction.Form] + instruction.Case;
                    int index = AliasStarts[number] + alias - 1;
                    if (index < AliasStarts[number + 1]) Format(Aliases[index] >> 1, in instruction, ref builder);
                }
                text = builder.ToString();
                return length;
            }
            """);
        writer.Line();
        writer.Line("/// <summary>Where the aliases of a case begin in <see cref=\"Aliases\"/>; those of the next follow.</summary>");
        Numbers("ushort", "AliasStarts", texts.AliasStarts);
        writer.Line();
        writer.Line("/// <summary>Twice the number of an alias's text, which is empty where its condition does not hold; and 1 for one that is read only.</summary>");
        Numbers("ushort", "Aliases", texts.Aliases);
    }

    private void Numbers(string type, string name, IReadOnlyList<int> values)
    {
        writer.Line($"private static ReadOnlySpan<{type}> {name} =>").Line("[").Indent();
        for (int i = 0; i < values.Count; i += 32) writer.Line(string.Join(", ", values.Skip(i).Take(32).Select(Int)) + ",");
        writer.Unindent().Line("];");
    }

    private void Strings(string name, IEnumerable<string> values)
    {
        string[] quoted = values.Select(Quote).ToArray();
        writer.Line($"private static readonly string[] {name} =").Line("[").Indent();
        for (int i = 0; i < quoted.Length; i += 16) writer.Line(string.Join(", ", quoted.Skip(i).Take(16)) + ",");
        writer.Unindent().Line("];");
    }

    /// <summary>Texts that fit a line stand in a switch, a hundred to a method; the others have methods of their own.</summary>
    private void Dispatch()
    {
        writer.Line();
        writer.Open($"private static void Format(int text, in {context.P}Instruction i, ref TextBuilder t)");
        writer.Open("switch (text / 100)");
        for (int group = 0; group * 100 < texts.Forms.Count; group++) writer.Line($"case {Int(group)}: Format{Int(group)}(text, in i, ref t); break;");
        writer.Close();
        writer.Close();
        for (int i = 0; i < texts.Forms.Count; i++)
        {
            if (i % 100 == 0)
            {
                Split();
                writer.Line();
                writer.Open($"private static void Format{Int(i / 100)}(int text, in {context.P}Instruction i, ref TextBuilder t)");
                writer.Open("switch (text)");
            }
            DisassemblerTexts.FormText form = texts.Forms[i];
            string line = Statements(form.Text, form.Operands);
            if (line.Length > MaxStatement)
            {
                methods.Add(i);
                line = $"T{Int(i)}(in i, ref t);";
            }
            writer.Line($"case {Int(i)}: {line} break; // {form.Title}");
            if (i % 100 != 99 && i != texts.Forms.Count - 1) continue;
            writer.Close();
            writer.Close();
        }
    }

    private void Method(string name, TextNode text, IReadOnlyList<OperandModel>? operands, string? title, bool shared = false)
    {
        Split();
        writer.Line();
        if (title is not null) writer.Summary(title);
        writer.Open($"private static void {name}(in {context.P}Instruction i, ref TextBuilder t)");
        Node(text, operands, top: shared);
        writer.Close();
    }

    private void Operand(string name, DisassemblerTexts.OperandText operand)
    {
        Split();
        writer.Line();
        writer.Open($"private static void {name}(in {context.P}Instruction i, ref TextBuilder t)");
        writer.Open($"switch (i.Alternative{Int(operand.Position)})");
        string[] keys = operand.Alternatives.Select(DecodeText.Of).ToArray();
        for (int a = 0; a < keys.Length; a++)
        {
            if (Array.IndexOf(keys, keys[a]) != a) continue;
            string labels = string.Join(" ", Enumerable.Range(a, keys.Length - a).Where(same => keys[same] == keys[a]).Select(same => $"case {Int(same)}:"));
            string line = Statements(operand.Alternatives[a], null);
            if (line.Length <= MaxStatement)
            {
                writer.Line($"{labels} {line} break;");
                continue;
            }
            writer.Line(labels).Indent();
            Node(operand.Alternatives[a], null);
            writer.Line("break;").Unindent();
        }
        writer.Close();
        writer.Close();
    }

    /// <summary>Statements that write a text, as lines or blocks.</summary>
    private void Node(TextNode node, IReadOnlyList<OperandModel>? operands, bool top = false)
    {
        if (!top && texts.SharedName(node) is not null)
        {
            writer.Line(Statements(node, operands));
            return;
        }
        switch (node)
        {
            case TextNode.Sequence s:
                foreach (TextNode part in DisassemblerTexts.Joined(s)) Node(part, operands);
                break;
            case TextNode.Conditional c:
                (string condition, TextNode whenTrue, TextNode whenFalse) = Branches(c);
                if (DisassemblerTexts.IsEmpty(whenTrue)) break;
                if (DisassemblerTexts.IsEmpty(whenFalse) && Statements(whenTrue, operands) is { Length: <= MaxStatement } line)
                {
                    writer.Line($"if ({condition}) {Braced(line)}");
                    break;
                }
                writer.Open($"if ({condition})");
                Node(whenTrue, operands);
                writer.Close();
                if (DisassemblerTexts.IsEmpty(whenFalse)) break;
                writer.Open("else");
                Node(whenFalse, operands);
                writer.Close();
                break;
            default:
                string statement = Statements(node, operands);
                if (statement.Length > 0) writer.Line(statement);
                break;
        }
    }

    /// <summary>Statements that write a text, on one line.</summary>
    private string Statements(TextNode node, IReadOnlyList<OperandModel>? operands)
    {
        if (texts.SharedName(node) is { } name) return $"{name}(in i, ref t);";
        switch (node)
        {
            case TextNode.Literal l:
                return l.Value.Length switch
                {
                    0 => "",
                    1 => $"t.Append('{(l.Value is "'" or "\\" ? "\\" : "")}{l.Value}');",
                    _ => $"t.Append({Quote(l.Value)});",
                };
            case TextNode.Sequence s:
                return string.Join(" ", DisassemblerTexts.Joined(s).Select(p => Statements(p, operands)).Where(p => p.Length > 0));
            case TextNode.Conditional c:
                (string condition, TextNode whenTrue, TextNode whenFalse) = Branches(c);
                if (DisassemblerTexts.IsEmpty(whenTrue)) return "";
                string branch = $"if ({condition}) {Braced(Statements(whenTrue, operands))}";
                return DisassemblerTexts.IsEmpty(whenFalse) ? branch : $"{branch} else {Braced(Statements(whenFalse, operands))}";
            case TextNode.Element e:
                tables.Add(e.Table.Name);
                return $"t.Append(Names_{e.Table.Name}, {expressions.As(DecodedExpressionEmitter.Prepare(e.Index), Container(e.Index.Width))});";
            case TextNode.Number n:
                return Number(n);
            case TextNode.Register r:
                return $"t.Append(Registers[i.{Member(r.Variable.Name)}]);";
            case TextNode.Operand o when operands is not null && o.Position < operands.Count:
                int index = texts.OperandIndex(operands[o.Position], o.Position);
                return index >= 0 ? $"O{Int(index)}(in i, ref t);" : Statements(operands[o.Position].Alternatives[0].Text, null);
            default:
                throw new InvalidOperationException($"text {node.GetType().Name}");
        }
    }

    private static string Braced(string statements) => statements.IndexOf(';') == statements.Length - 1 && !statements.StartsWith("if", StringComparison.Ordinal)
        ? statements : $"{{ {statements} }}";

    /// <summary>The condition and branches of a conditional text, turned so that an empty branch comes second.</summary>
    private (string Condition, TextNode WhenTrue, TextNode WhenFalse) Branches(TextNode.Conditional c)
    {
        IrExpr condition = DecodedExpressionEmitter.Prepare(c.Condition);
        if (!DisassemblerTexts.IsEmpty(c.WhenTrue)) return (expressions.Emit(condition), c.WhenTrue, c.WhenFalse);
        return (expressions.Emit(IrSimplifier.Simplify(new IrExpr.Unary(IrUnary.Not, condition, 1))), c.WhenFalse, c.WhenTrue);
    }

    private string Number(TextNode.Number n)
    {
        IrExpr value = DecodedExpressionEmitter.Prepare(n.Value);
        string text = expressions.As(value, Container(value.Width));
        return n.Format switch
        {
            "d" when DecodeText.IsSigned(n.Value) => $"t.AppendSignedDecimal({text}, {Int(value.Width)});",
            "d" => $"t.AppendDecimal({text});",
            "+x" => $"t.AppendSignedHex({text}, {Int(value.Width)});",
            _ => $"t.AppendHex({text});",
        };
    }

    private void Tables()
    {
        foreach (IrTable table in context.Model.Tables.Where(t => t.Width == 0 && tables.Contains(t.Name)))
        {
            Split();
            writer.Line();
            Strings($"Names_{table.Name}", table.Strings);
        }
        foreach (IrTable table in texts.NumberTables)
        {
            string type = TypeOf(table.Width);
            Split();
            writer.Line();
            writer.Line($"private static {type} Table_{table.Name}(UInt128 index) => index < {Int(table.Values.Length)} ? Values_{table.Name}[(int)index] : {Literal(0, table.Width)};");
            writer.Line($"private static readonly {type}[] Values_{table.Name} = [{string.Join(", ", table.Values.Select(v => Literal(v, table.Width)))}];");
        }
    }
}
