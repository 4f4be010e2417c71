using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The interpreter: one method per distinct body, and what fills a decoded operation for it.</summary>
internal sealed class HandlersEmitter
{
    /// <summary>Functions of a deferred group for which its readers are specialised.</summary>
    private const int MostProducers = 22;

    /// <summary>Drafts from which on it is worthwhile to make them on every processor.</summary>
    private const int LeastInParallel = 64;

    private readonly EmitContext context;
    private readonly Rollback rollback;
    private readonly CallInliner inliner;
    private readonly Dictionary<HandlerText, string> methods = new();
    private readonly Dictionary<string, int> plans = new(StringComparer.Ordinal);
    private readonly List<SlotPlan> planList = new();
    private readonly List<(string Method, int Plan, int Flags)> variants = new();

    private readonly Dictionary<string, string> fast = new(StringComparer.Ordinal);
    private readonly DeferredGroup? group;
    private readonly List<int> producers = new();
    private readonly List<int> consumers = new();
    private readonly Dictionary<string, int> consumerIds = new(StringComparer.Ordinal);
    private readonly List<(VariantModel Variant, HandlerDraft Draft, string General)> consumerBodies = new();
    private readonly List<int> special = new();
    private readonly List<string> specialMethods = new();

    private HandlersEmitter(EmitContext context)
    {
        this.context = context;
        group = context.Model.Groups.FirstOrDefault();
        inliner = new CallInliner(context.Model);
        rollback = context.Facts.Drafts.Rollback(context.Facts, withPc: false);
    }

    /// <summary>Emits handlers and the filling of operations.</summary>
    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        var emitter = new HandlersEmitter(context);
        emitter.Draft();
        var files = new Partition(context, "Handlers", $"The interpreter's handlers of {context.Model.Name}, one per distinct body.");
        foreach (VariantModel variant in context.Model.Variants)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            emitter.Handler(variant, files);
        }
        emitter.Specialise(files);
        return files.Files().Concat(emitter.Operations()).ToList();
    }

    /// <summary>Makes the drafts that are missing, on every processor: each by itself, but for the places of copies, which have an order.</summary>
    private void Draft()
    {
        var missing = context.Model.Variants.Select(v => (Variant: v, Draft: context.Facts.Drafts.Handler(v, context.Options))).Where(d => d.Draft.Body is null).ToList();
        if (missing.Count < LeastInParallel) return;
        var options = new ParallelOptions { CancellationToken = context.Cancellation };
        Parallel.ForEach(missing, options, () => new CallInliner(context.Model), (d, _, own) =>
        {
            d.Draft.Body = Inline(d.Variant, own);
            return own;
        }, _ => { });
        foreach (VariantModel variant in context.Model.Variants)
        {
            foreach (object copied in context.Facts.Drafts.Handler(variant, context.Options).Body!.Copied) context.Layout.SavedOffset(copied);
        }
        Parallel.ForEach(missing, options, d => d.Draft.Handler(null, context.Layout, () => General(d.Variant, d.Draft.Body!, null)));
    }

    private void Handler(VariantModel variant, Partition files)
    {
        HandlerDraft draft = context.Facts.Drafts.Handler(variant, context.Options);
        InlinedBody body = draft.Body ??= Inline(variant, inliner);
        if (!plans.TryGetValue(body.Plan.Key, out int planIndex))
        {
            plans.Add(body.Plan.Key, planIndex = planList.Count);
            planList.Add(body.Plan);
        }
        HandlerText text = draft.Handler(null, context.Layout, () => General(variant, body, null));
        string name = Method(text, $"{Pascal(variant.Form.Instruction.Name)}_{Int(variant.Index)}", $"{variant.Form.Instruction.Name}, {variant.Form.Text}{Axes(variant)}; {System.IO.Path.GetFileName(variant.Form.Span.File)}", files, out bool added);
        if (added && body.HasFastPath) fast.Add(name, Fast(variant, draft, name, files));
        if (fast.TryGetValue(name, out string? direct)) name = direct;
        int flags = (context.Facts.EndsBlock(variant) ? 1 : 0) | (context.Facts.AlwaysJumps(variant) ? 2 : 0) | (text.Traps ? 4 : 0) | (variant.Form.Instruction.Restartable ? 8 : 0);
        variants.Add((name, planIndex, flags));
        producers.Add(body.Producer);
        if (!body.IsSmallReader) consumers.Add(0);
        else
        {
            if (!consumerIds.TryGetValue(name, out int id))
            {
                consumerIds.Add(name, id = consumerIds.Count + 1);
                consumerBodies.Add((variant, draft, name));
            }
            consumers.Add(id);
        }
    }

    private InlinedBody Inline(VariantModel variant, CallInliner inliner)
    {
        IrStmt.Block code = inliner.Inline(variant.Body);
        return new InlinedBody(
            code,
            // Binding has checked that they fit (ISA2014).
            SlotPlan.Of(code)!,
            rollback.Saved(code),
            group is null ? 0 : GroupUse.Producer(context.Facts, code, group),
            group is not null && context.Options.Specialise && GroupUse.IsSmallReader(context.Facts, code, group, context.Facts.EndsBlock(variant)),
            FastPath.Applies(context, code),
            inliner.Inspected);
    }

    private (string Text, bool Traps) General(VariantModel variant, InlinedBody body, IrFunction? producer)
    {
        var w = new CodeWriter();
        bool traps = new HandlerBody(context, w, variant, body.Code, body.Plan, body.Saved) { Known = producer }.Run();
        return (w.ToString(), traps);
    }

    /// <summary>The method with a text: the one that has it already, or a new one.</summary>
    private string Method(HandlerText text, string proposed, string summary, Partition files, out bool added)
    {
        added = !methods.TryGetValue(text, out string? name);
        if (!added) return name!;
        methods.Add(text, proposed);
        files.Add(text.Method(proposed, () =>
        {
            var member = new CodeWriter();
            member.Summary(summary);
            member.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            return member.Open($"internal static DecodedOp* {proposed}(CpuHeader* h, DecodedOp* op)").Text(text.Content.TrimEnd('\n')).Close();
        }));
        return proposed;
    }

    /// <summary>The common path of a handler as a method of its own.</summary>
    private string Fast(VariantModel variant, HandlerDraft draft, string general, Partition files)
    {
        files.Add(draft.Fast(general, () =>
        {
            var w = new CodeWriter();
            new FastBody(context, w, variant, draft.Body!.Code, draft.Body.Plan, general).Run();
            var member = new CodeWriter();
            member.Summary($"{variant.Form.Instruction.Name}, {variant.Form.Text}{Axes(variant)}: the common path");
            member.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            return member.Open($"internal static DecodedOp* {general}_fast(CpuHeader* h, DecodedOp* op)").Text(w.ToString().TrimEnd('\n')).Close();
        }));
        return general + "_fast";
    }

    /// <summary>
    /// Handlers for readers of the deferred group when the function it was last assigned from is known from the same block: one for each reader and each of the
    /// functions that most forms assign.
    /// </summary>
    private void Specialise(Partition files)
    {
        if (group is null) return;
        special.AddRange(producers.Where(p => p is > 0 and < GroupUse.Unknown).GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(MostProducers).Select(g => g.Key));
        foreach ((VariantModel variant, HandlerDraft draft, string general) in consumerBodies)
        {
            foreach (int producer in special)
            {
                IrFunction function = group.Functions[producer - 1];
                HandlerText text = draft.Handler(function, context.Layout, () => General(variant, draft.Body!, function));
                specialMethods.Add(Method(text, $"{general}_{function.Name}", $"{variant.Form.Instruction.Name}, {variant.Form.Text}{Axes(variant)}, where {group.Name} is of {function.Name}", files, out _));
            }
        }
    }

    private static string Axes(VariantModel variant) =>
        variant.Form.Axes.IsEmpty ? "" : ", " + string.Join(" ", variant.Form.Axes.Select((a, i) => $"{a.Name}={variant.Case.AxisValues[i]}"));

    private IEnumerable<EmittedFile> Operations()
    {
        string p = context.P;
        CodeWriter w = CodeWriter.File(context.Namespace);
        w.Summary("Makes operations for the interpreter of decoded instructions.");
        w.Open($"internal static unsafe class {p}Operations");
        w.Summary("For each variant its handler.");
        w.Line("private static readonly delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] Handlers = Make();").Line();
        w.Summary("Byte offset in the state of each element of each view: what a register reference denotes; 0 for none.");
        w.Line($"private static ReadOnlySpan<ushort> Registers => new ushort[] {{ {string.Join(", ", References().Select(Int))} }};").Line();
        w.Summary("For each variant which of its values go where.");
        Wrapped(w, "private static ReadOnlySpan<byte> Plans => new byte[]", variants.Select(v => Int(v.Plan)));
        w.Summary("For each variant its flags.");
        Wrapped(w, "private static ReadOnlySpan<byte> Flags => new byte[]", variants.Select(v => Int(v.Flags)));
        w.Summary("Number of variants.").Line($"public const int Count = {Int(variants.Count)};").Line();
        w.Open("private static delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] Make()");
        w.Line("var table = new delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[Count];");
        for (int part = 0; part < TableParts; part++) w.Line($"{p}HandlerTable.Part{Int(part)}(table);");
        w.Line("return table;").Close().Line();
        Fill(w);
        TrapTable(w);
        Specialising(w);
        w.Close();
        yield return new EmittedFile($"{p}.Operations.cs", w.ToString());

        foreach (EmittedFile file in HandlerTable()) yield return file;
    }

    private IEnumerable<int> References()
    {
        yield return context.Layout.NoneOffset;
        foreach (StateView view in context.Model.Views)
        {
            for (int i = 0; i < view.Elements.Length; i++) yield return context.Layout.Offset(view, i);
        }
    }

    private static void Wrapped(CodeWriter w, string head, IEnumerable<string> items)
    {
        w.Open(head);
        foreach (string line in Lines(items)) w.Line(line);
        w.Close("};").Line();
    }

    private static IEnumerable<string> Lines(IEnumerable<string> items)
    {
        var line = new System.Text.StringBuilder();
        foreach (string item in items)
        {
            if (line.Length > 120)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(item).Append(", ");
        }
        if (line.Length > 0) yield return line.ToString();
    }

    private void Fill(CodeWriter w)
    {
        string p = context.P;
        w.Summary("Fills an operation: handler, slots, flags and length.");
        w.Open($"public static void Fill({p}Instruction* i, DecodedOp* op)");
        w.Line("int variant = i->Variant;");
        w.Line("op->Handler = Handlers[variant];").Line("op->Pc = i->Pc;").Line("op->Variant = (ushort)variant;").Line("op->Length = i->Length;").Line("op->Flags = (OpFlags)Flags[variant];");
        w.Open("switch (Plans[variant])");
        for (int k = 0; k < planList.Count; k++)
        {
            SlotPlan plan = planList[k];
            if (plan.Slots.IsEmpty && plan.Bits is null) continue;
            w.Line($"case {Int(k)}:").Indent();
            foreach ((DecodeVariable variable, string slot) in plan.Slots) w.Line($"op->{slot} = {Value(variable, slot)};");
            if (plan.Bits is { } bits) w.Line($"op->{bits} = ({SlotPlan.SlotType(bits)})i->Bits;");
            w.Line("break;").Unindent();
        }
        w.Close().Close();
    }

    /// <summary>The trap dispatch table: which handler carries out an operation that raised a trap.</summary>
    private void TrapTable(CodeWriter w)
    {
        var sets = new Dictionary<string, int>(StringComparer.Ordinal);
        int words = (context.Model.Traps.Count + 63) / 64;
        var setOf = new List<int>();
        foreach (VariantModel variant in context.Model.Variants)
        {
            var bits = new ulong[words];
            foreach (TrapSpec trap in context.Facts.EffectsOf(variant.Body).Traps) bits[trap.Index / 64] |= 1UL << trap.Index % 64;
            string text = string.Join(", ", bits.Select(b => Number(b, 64)));
            if (!sets.TryGetValue(text, out int set)) sets.Add(text, set = sets.Count);
            setOf.Add(set);
        }
        w.Line();
        w.Summary("Sets of traps, a bit each.");
        Wrapped(w, "private static ReadOnlySpan<ulong> TrapSets => new ulong[]", sets.OrderBy(s => s.Value).Select(s => s.Key));
        w.Summary("For each variant the set of the traps it can raise.");
        Wrapped(w, "private static ReadOnlySpan<ushort> TrapSetOf => new ushort[]", setOf.Select(Int));
        w.Summary("The handler of a variant; null for none.");
        w.Line("public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant) => (uint)variant < Count ? Handlers[variant] : null;").Line();
        w.Summary("The handler of a variant that can raise a trap; null for another.");
        w.Open("public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant)");
        w.Line($"if ((uint)variant >= Count || (uint)trap >= {Int(context.Model.Traps.Count)}) return null;");
        w.Line($"return (TrapSets[TrapSetOf[variant] * {Int(words)} + trap / 64] >> trap % 64 & 1) != 0 ? Handlers[variant] : null;").Close();
    }

    /// <summary>What goes over a new block and replaces the handlers of readers whose producer it knows.</summary>
    private void Specialising(CodeWriter w)
    {
        w.Line();
        if (specialMethods.Count == 0)
        {
            w.Summary("Nothing to specialise in this instruction set.").Line("public static void Specialise(DecodedOp* ops, int count) { }");
            return;
        }
        w.Summary($"For each variant the number of the function it assigns {group!.Name} from; 0 when it leaves the group alone, {Int(GroupUse.Unknown)} when that depends.");
        Wrapped(w, "private static ReadOnlySpan<byte> Producers => new byte[]", producers.Select(Int));
        w.Summary("For each variant its number among the readers; 0 for none.");
        Wrapped(w, "private static ReadOnlySpan<ushort> Readers => new ushort[]", consumers.Select(Int));
        w.Summary($"For each function of {group.Name} its number among those that readers are specialised for; 0 for none.");
        Wrapped(w, "private static ReadOnlySpan<byte> Known => new byte[]", Enumerable.Range(0, group.Functions.Count + 1).Select(f => Int(special.IndexOf(f) + 1)));
        w.Line($"private static readonly delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] Special = {context.P}HandlerTable.Special();").Line();
        w.Summary($"Replaces the handlers of operations that read {group.Name} after an operation of the same block has assigned it.");
        w.Open("public static void Specialise(DecodedOp* ops, int count)").Line("int current = 0;").Open("for (int i = 0; i < count; i++)");
        w.Line("int variant = ops[i].Variant;").Line("if (variant >= Count) return;").Line("int reader = Readers[variant], known = Known[current];");
        w.Line($"if (reader != 0 && known != 0) ops[i].Handler = Special[(reader - 1) * {Int(special.Count)} + known - 1];");
        w.Line("int producer = Producers[variant];").Line($"if (producer != 0) current = producer == {Int(GroupUse.Unknown)} ? 0 : producer;");
        w.Close().Close();
    }

    private static string Value(DecodeVariable variable, string slot)
    {
        string read = "i->" + Member(variable.Name);
        if (variable.IsRef) return $"Registers[{read}]";
        return variable.Width == 1 ? $"({SlotPlan.SlotType(slot)})({read} ? 1 : 0)" : $"({SlotPlan.SlotType(slot)}){read}";
    }

    private int PartSize => Math.Max(1, context.Options.MaxLines - 100);

    private int TableParts => (variants.Count + PartSize - 1) / PartSize;

    /// <summary>The table of handlers is made by code: C# has no constant tables of function pointers.</summary>
    private IEnumerable<EmittedFile> HandlerTable()
    {
        var files = new Partition(context, "HandlerTable", "For each variant its handler.");
        for (int part = 0; part < TableParts; part++)
        {
            var w = new CodeWriter();
            w.Open($"internal static void Part{Int(part)}(delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] t)");
            int end = Math.Min(variants.Count, (part + 1) * PartSize);
            for (int i = part * PartSize; i < end; i++) w.Line($"t[{Int(i)}] = &{context.P}Handlers.{variants[i].Method};");
            w.Close();
            files.Add(w);
        }
        if (specialMethods.Count > 0)
        {
            var w = new CodeWriter();
            w.Open("internal static delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] Special()");
            w.Line($"var t = new delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[{Int(specialMethods.Count)}];");
            for (int part = 0; part * PartSize < specialMethods.Count; part++) w.Line($"Special{Int(part)}(t);");
            w.Line("return t;").Close();
            files.Add(w);
        }
        for (int part = 0; part * PartSize < specialMethods.Count; part++)
        {
            var w = new CodeWriter();
            w.Open($"private static void Special{Int(part)}(delegate*<CpuHeader*, DecodedOp*, DecodedOp*>[] t)");
            int end = Math.Min(specialMethods.Count, (part + 1) * PartSize);
            for (int i = part * PartSize; i < end; i++) w.Line($"t[{Int(i)}] = &{context.P}Handlers.{specialMethods[i]};");
            w.Close();
            files.Add(w);
        }
        return files.Files();
    }
}
