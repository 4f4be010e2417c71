using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The spec's functions, derived states, deferred groups and tables as static methods.</summary>
internal static class FunctionsEmitter
{
    private const int InlineSize = 40;

    /// <summary>Whether a function's method has the CPU as its first parameter.</summary>
    public static bool TakesState(SpecFacts facts, IrFunction function) => function.Results.Length > 1 || !facts.EffectsOf(function).IsPure;

    public static IEnumerable<EmittedFile> Emit(EmitContext context) => context.Facts.Drafts.Functions(context.Options).Files(() => Files(context).ToList());

    private static IEnumerable<EmittedFile> Files(EmitContext context)
    {
        FunctionDrafts drafts = context.Facts.Drafts.Functions(context.Options);
        var files = new Partition(context, "Functions", $"The functions of the {context.Model.Name} spec.");
        foreach (IrTable table in context.Model.Tables.Where(t => t.Width > 0)) files.Add(Table(table));
        foreach (IrFunction function in context.Facts.Functions.Where(f => f.Extern is null))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            files.Add(drafts.Function(function, () => Function(context, function)));
        }
        foreach (StateAtom atom in context.Model.Atoms.Where(a => a.Derived is not null)) files.Add(Recompute(context, atom));
        foreach (DeferredGroup group in context.Model.Groups)
        {
            foreach (CodeWriter member in GroupEmitter.Members(context, group, drafts)) files.Add(member);
        }
        foreach (MemorySpec memory in context.Model.Memories.Where(m => !m.IsBus)) files.Add(Select(context, memory));
        files.Add(Attend(context));
        return files.Files();
    }

    private static CodeWriter Attend(EmitContext context)
    {
        var w = new CodeWriter();
        w.Summary("The value of CpuHeader.Attention: bit 0 where the spec's `attention` condition holds, bit 1 where `idle` or `stopped` does.");
        string Holds(IrFunction? f) => f is null ? "false" : $"{Local(f.Name)}({(TakesState(context.Facts, f) ? "h" : "")})";
        string quiet = context.Model.Idle is null && context.Model.Stopped is null ? "0" : $"({Holds(context.Model.Idle)} || {Holds(context.Model.Stopped)} ? 2 : 0)";
        return w.Line($"internal static byte Attend(CpuHeader* h) => (byte)(({Holds(context.Model.Attention)} ? 1 : 0) | {quiet});");
    }

    private static CodeWriter Table(IrTable table)
    {
        string type = StorageType(table.Width);
        var w = new CodeWriter();
        string values = string.Join(", ", table.Values.Select(v => table.Width > 64 ? Number(v, 128) : v.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        w.Line(table.Width > 64 ? $"internal static readonly {type}[] Table_{table.Name} = {{ {values} }};" : $"internal static ReadOnlySpan<{type}> Table_{table.Name} => new {type}[] {{ {values} }};");
        return w;
    }

    private static CodeWriter Function(EmitContext context, IrFunction function)
    {
        var w = new CodeWriter();
        w.Summary($"{function.Name}; {Where(function, context.Options)}{(function.UndefinedReference is { } reference ? "; " + reference : "")}");
        if (IrTree.Size(context.Model.BodyOf(function)) <= InlineSize) w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        Signature(context, w, function);
        new FunctionBody(context, w, function).Run();
        w.Close();
        return w;
    }

    private static void Signature(EmitContext context, CodeWriter w, IrFunction function)
    {
        var parameters = function.Parameters.Select(p => $"{TypeOf(p.Width)} {Local(p.Name)}").ToList();
        bool state = TakesState(context.Facts, function);
        if (state) parameters.Insert(0, "CpuHeader* h");
        string result = function.Results.IsEmpty ? "void" : TypeOf(function.Results[0].Width);
        w.Open($"internal static {result} {Local(function.Name)}({string.Join(", ", parameters)})");
        if (state) w.Line($"var s = ({context.P}State*)h;");
    }

    /// <summary>The file, and the line where lines count: without them an edit of a comment changes nothing that is generated.</summary>
    private static string Where(IrFunction function, EmitOptions options) => System.IO.Path.GetFileName(function.Span.File) + (options.Lines ? ":" + Int(function.Span.Line) : "");

    private static CodeWriter Recompute(EmitContext context, StateAtom atom)
    {
        var w = new CodeWriter();
        w.Summary(atom.Dependents.Count == 0 ? $"Brings {atom.Name} up to date." : $"Brings {atom.Name} up to date, and where it changes what depends on it.");
        IrFunction derived = atom.Derived!;
        string state = TakesState(context.Facts, derived) ? "h" : "";
        string comma = state.Length > 0 ? ", " : "";
        string Value(string call) => atom.Width == 1 ? $"({StorageType(1)})({call} ? 1 : 0)" : StorageType(atom.Width) == TypeOf(atom.Width) ? call : $"({StorageType(atom.Width)}){call}";
        if (!atom.IsArray)
        {
            w.Open($"internal static void Recompute_{atom.Identifier}(CpuHeader* h)");
            w.Line($"var s = ({context.P}State*)h;");
            Store($"s->{Member(atom.Identifier)}", Value($"{Local(derived.Name)}({state})"), null);
            w.Close();
            return w;
        }
        w.Open($"internal static void Recompute_{atom.Identifier}(CpuHeader* h, int index)");
        w.Line($"var s = ({context.P}State*)h;");
        Store($"s->{Member(atom.Identifier)}[index]", Value($"{Local(derived.Name)}({state}{comma}(uint)index)"), "index");
        w.Close().Line();
        w.Summary($"Brings every element of {atom.Name} up to date.");
        w.Open($"internal static void Recompute_{atom.Identifier}(CpuHeader* h)");
        w.Line($"for (int i = 0; i < {Int(atom.Count)}; i++) Recompute_{atom.Identifier}(h, i);").Close();
        return w;

        // What depends on it is computed anew when it has changed.
        void Store(string place, string value, string? index)
        {
            if (atom.Dependents.Count == 0)
            {
                w.Line($"{place} = {value};");
                return;
            }
            w.Line($"{StorageType(atom.Width)} value = {value};").Line($"if ({place} == value) return;").Line($"{place} = value;");
            foreach (StateAtom dependent in atom.Dependents) w.Line(Updates.Recompute(dependent, index));
        }
    }

    private static CodeWriter Select(EmitContext context, MemorySpec memory)
    {
        var w = new CodeWriter();
        w.Summary($"Puts the translation table into use that belongs to the current mode of {memory.Name}.");
        w.Open($"internal static void Select_{memory.Name}(CpuHeader* h)").Line($"var s = ({context.P}State*)h;");
        string condition = memory.Per is null ? "false" : $"{Local(memory.Per.Name)}({(TakesState(context.Facts, memory.Per) ? "h" : "")})";
        w.Line($"bool mode = {condition};");
        if (memory == context.Model.Decode.FetchMemory) w.Line($"if (s->{memory.Name}_mode != (mode ? 1 : 0)) h->ContextStale = 1;");
        w.Line($"s->{memory.Name}_mode = mode ? 1 : 0;");
        w.Line($"s->{memory.Name}_tlb = mode ? s->{memory.Name}_tlb1 : s->{memory.Name}_tlb0;");
        return w.Close();
    }

    private sealed class FunctionBody(EmitContext context, CodeWriter writer, IrFunction function) : BodyEmitter(context, writer)
    {
        protected override string LeaveWithTrap => function.Results.IsEmpty ? "return;" : "return default;";

        public void Run()
        {
            IrStmt.Block body = Context.Model.BodyOf(function);
            Emit(IrSimplifier.Simplify(body));
            EndLines();
            // Every path leaves; the C# compiler cannot always tell.
            if (!function.Results.IsEmpty && !IrTree.Terminates(body)) Writer.Line("return default;");
        }

        protected override void Return(IrStmt.Return statement)
        {
            if (statement.Values.Length < 2)
            {
                Writer.Line(statement.Values.IsEmpty ? "return;" : $"return {Emit(statement.Values[0])};");
                return;
            }
            // All are evaluated before one is stored: a function called on the way may leave results of its own.
            Writer.Open(null);
            for (int i = 0; i < statement.Values.Length; i++) Writer.Line($"{(i == 0 ? TypeOf(statement.Values[0].Width) : "ulong")} r{Int(i)} = {(i == 0 ? Emit(statement.Values[0]) : As(statement.Values[i], 64))};");
            for (int i = 1; i < statement.Values.Length; i++) Writer.Line($"s->Result{Int(i)} = r{Int(i)};");
            Writer.Line("return r0;").Close();
        }
    }
}
