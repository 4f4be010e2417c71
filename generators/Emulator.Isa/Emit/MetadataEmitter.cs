using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>Emits what tools may want to know of the ISA: forms with everything derived for them, traps, states and where they are stored, memories.</summary>
internal sealed class MetadataEmitter
{
    private const int FormsPerMethod = 100;

    private readonly EmitContext context;
    private readonly List<EmittedFile> files = new();
    private readonly Dictionary<string, int> lists = new(StringComparer.Ordinal);
    private readonly List<string> listOrder = new();
    private CodeWriter writer = null!;

    private MetadataEmitter(EmitContext context) => this.context = context;

    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        var emitter = new MetadataEmitter(context);
        emitter.Run();
        return emitter.files;
    }

    private void Run()
    {
        IReadOnlyList<FormFacts> facts = FormFacts.Of(context.Facts);
        IsaModel model = context.Model;
        Begin();
        Entry(model);
        for (int first = 0; first < model.Decode.Forms.Count; first += FormsPerMethod)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (writer.Lines > context.Options.MaxLines - FormsPerMethod - 50) Next();
            writer.Line();
            writer.Open($"private static void Forms{Int(first / FormsPerMethod)}(FormInfo[] forms)");
            for (int i = first; i < Math.Min(first + FormsPerMethod, model.Decode.Forms.Count); i++) Form(model.Decode.Forms[i], facts[i]);
            writer.Close();
        }
        States(model);
        Lists();
        End();
    }

    private void Begin()
    {
        writer = CodeWriter.File(context.Namespace);
        if (files.Count == 0) writer.Summary($"What is known of every form, trap and state of <c>{context.Model.Name}</c>.");
        writer.Open($"public static partial class {context.P}Metadata");
    }

    private void End()
    {
        writer.Close();
        string part = files.Count == 0 ? "" : "." + Int(files.Count);
        files.Add(new EmittedFile($"{context.P}.Metadata{part}.cs", writer.ToString()));
    }

    private void Next()
    {
        End();
        Begin();
    }

    private void Entry(IsaModel model)
    {
        writer.Line("private static IsaMetadata? instance;").Line();
        writer.Summary("Everything; built on first use.");
        writer.Line("public static IsaMetadata Instance => instance ??= Create();").Line();
        writer.Open("private static IsaMetadata Create()");
        writer.Line($"var forms = new FormInfo[{Int(model.Decode.Forms.Count)}];");
        for (int i = 0; i * FormsPerMethod < model.Decode.Forms.Count; i++) writer.Line($"Forms{Int(i)}(forms);");
        writer.Line("int[] variants = new int[VariantForms.Length];");
        writer.Line("for (int i = 0; i < variants.Length; i++) variants[i] = VariantForms[i];");
        writer.Line("return new IsaMetadata");
        writer.Line("{").Indent();
        writer.Line($"Name = {Quote(model.Name)},").Line("Forms = forms,").Line("VariantForms = variants,").Line("States = States(),");
        writer.Line("Traps =").Line("[").Indent();
        foreach (TrapSpec trap in model.Traps)
        {
            string parameters = string.Join(", ", trap.Parameters.Select(p => Quote(p.Name)));
            writer.Line($"new TrapInfo({Quote(trap.Name)}, {Int(trap.Number)}, TrapClass.{Pascal(trap.Class)}, {Quote(trap.Kind)}, [{parameters}]),");
        }
        writer.Unindent().Line("],").Line("Memories =").Line("[").Indent();
        foreach (MemorySpec memory in model.Memories)
        {
            int over = memory.Over is null ? -1 : memory.Over.Index;
            writer.Line($"new MemorySpec({Quote(memory.Name)}, {Int(memory.AddressWidth)}, {(memory.IsBus ? "true" : "false")}, {Int(over)}),");
        }
        writer.Unindent().Line("],").Unindent().Line("};");
        writer.Close();
        writer.Line();
        writer.Summary("The form of every variant.");
        writer.Line("private static ReadOnlySpan<ushort> VariantForms =>").Line("[").Indent();
        for (int i = 0; i < model.Variants.Count; i += 32) writer.Line(string.Join(", ", model.Variants.Skip(i).Take(32).Select(v => Int(v.Form.Index))) + ",");
        writer.Unindent().Line("];");
    }

    private void Form(FormModel form, FormFacts facts)
    {
        InstructionModel instruction = form.Instruction;
        var flags = new List<string>();
        if (facts.EndsBlock) flags.Add("OpFlags.EndsBlock");
        if (facts.AlwaysJumps) flags.Add("OpFlags.AlwaysJumps");
        if (facts.Traps.Count > 0) flags.Add("OpFlags.MayTrap");
        if (instruction.Restartable) flags.Add("OpFlags.Restartable");
        var parts = new List<string>
        {
            $"Instruction = {Quote(instruction.Name)}", $"Mnemonic = {Quote(Mnemonics.Of(form))}", $"Encoding = {Quote(form.Text)}",
            $"Mark = {Quote(instruction.Mark)}", $"Chapter = {Quote(instruction.Chapter)}",
            // The line changes with every comment above it, which must not change what is generated.
            $"File = {Quote(System.IO.Path.GetFileName(form.Span.File))}", $"Line = {Int(context.Options.Lines ? form.Span.Line : 0)}", $"Variants = {Int(form.Cases.Sum(c => c.Variants.Count))}",
        };
        if (form.OperandsText.Length > 0) parts.Add($"Operands = {Quote(form.OperandsText)}");
        if (instruction.Reason is { Length: > 0 } reason) parts.Add($"MarkReason = {Quote(reason)}");
        if (flags.Count > 0) parts.Add($"Flags = {string.Join(" | ", flags)}");
        Add(parts, "Reads", facts.Reads);
        Add(parts, "Writes", facts.Writes);
        Add(parts, "Traps", facts.Traps);
        Add(parts, "FlagsConsumed", facts.FlagsConsumed);
        Add(parts, "FlagsProduced", facts.FlagsProduced);
        Add(parts, "Undefined", facts.Undefined);
        Add(parts, "Gates", instruction.Gates);
        writer.Line($"forms[{Int(form.Index)}] = new FormInfo {{ {string.Join(", ", parts)} }};");
    }

    private void Add(List<string> parts, string property, IReadOnlyCollection<string> names)
    {
        if (names.Count > 0) parts.Add($"{property} = {List(names)}");
    }

    /// <summary>Equal lists are one array.</summary>
    private string List(IEnumerable<string> names)
    {
        string text = string.Join(", ", names.Select(Quote));
        if (!lists.TryGetValue(text, out int index))
        {
            lists.Add(text, index = lists.Count);
            listOrder.Add(text);
        }
        return $"L{Int(index)}";
    }

    private void Lists()
    {
        writer.Line();
        for (int i = 0; i < listOrder.Count; i++)
        {
            if (writer.Lines > context.Options.MaxLines) Next();
            writer.Line($"private static readonly string[] L{Int(i)} = [{listOrder[i]}];");
        }
    }

    /// <summary>The bits that no field of a state made of fields covers.</summary>
    private static string Fixed(List<StateAtom> atoms) => atoms[0].Whole is { } whole && !whole.Name.Contains('.') ? Number(whole.Fixed, 64) : "0";

    private void States(IsaModel model)
    {
        if (writer.Lines > context.Options.MaxLines - 2 * model.Atoms.Count - 50) Next();
        writer.Line();
        writer.Line("private static StateInfo[] States() =>").Line("[").Indent();
        foreach (IGrouping<string, StateAtom> state in model.Atoms.GroupBy(a => a.Name.Split('.')[0], StringComparer.Ordinal))
        {
            List<StateAtom> atoms = state.ToList();
            int width = atoms.GroupBy(a => a.Whole is null ? (object)a : a.Whole).Sum(g => g.Key is WholeState whole ? whole.Width : ((StateAtom)g.Key).Width);
            string names = string.Join(", ", model.Aliases.Where(a => a.Value.State == state.Key).OrderBy(a => a.Value.Index).Select(a => Quote(a.Key)));
            var roles = atoms.Select(a => a.Role).OfType<string>().Concat(atoms.Any(a => a.IsPc) ? new[] { "pc" } : Array.Empty<string>()).Distinct().OrderBy(r => r, StringComparer.Ordinal);
            string hidden = atoms.All(a => a.Hidden) ? ", IsHidden = true" : "";
            string derived = atoms.All(a => a.Derived is not null) ? ", IsDerived = true" : "";
            writer.Line("new StateInfo");
            writer.Line("{").Indent();
            writer.Line($"Name = {Quote(state.Key)}, Width = {Int(width)}, Count = {Int(Math.Max(1, atoms[0].Count))}, ElementNames = [{names}], Roles = [{string.Join(", ", roles.Select(Quote))}]{hidden}{derived}, FixedBits = {Fixed(atoms)},");
            writer.Line("Atoms =").Line("[").Indent();
            foreach (StateAtom atom in atoms)
            {
                string name = atom.Name.Length > state.Key.Length ? atom.Name.Substring(state.Key.Length + 1) : "";
                int size = StateLayout.ElementSize(atom);
                writer.Line($"new AtomInfo({Quote(name)}, {Int(atom.Width)}, {Int(context.Layout.Offset(atom))}, {Int(size)}, {Int(size)}, {Int(atom.Whole is null ? 0 : atom.BitLow)}),");
            }
            writer.Unindent().Line("],").Unindent().Line("},");
        }
        writer.Unindent().Line("];");
    }
}
