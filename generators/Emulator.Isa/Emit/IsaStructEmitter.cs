using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The structure through which the engine knows an ISA, and the class a machine answers externs with.</summary>
internal static class IsaStructEmitter
{
    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        yield return Isa(context);
        yield return Externs(context);
    }

    private static EmittedFile Isa(EmitContext context)
    {
        IsaModel model = context.Model;
        string p = context.P;
        // The copies hooks keep count to the size of the state, so they are placed first.
        Rollback rollback = context.Facts.Drafts.Rollback(context.Facts, withPc: true);
        foreach (IrFunction? hook in new[] { model.OnTrap, model.OnBoundary })
        {
            foreach ((object key, _) in hook is null ? new() : rollback.Saved(context.Model.BodyOf(hook))) context.Layout.SavedOffset(key);
        }
        CodeWriter w = CodeWriter.File(context.Namespace);
        w.Line($"using static {context.Namespace}.{p}Functions;").Line();
        w.Summary($"What the engine asks of {model.Name}.");
        w.Open($"public readonly unsafe struct {p}Isa : IIsa");
        string memories = string.Join(", ", model.Memories.Select(m => $"new({Quote(m.Name)}, {Int(m.AddressWidth)}, {(m.IsBus ? "true" : "false")}, {Int(m.Over?.Index ?? -1)})"));
        w.Line($"private static readonly MemorySpec[] s_memories = [{memories}];").Line();
        w.Line($"public static string Name => {Quote(model.Name)};").Line();
        w.Line($"public static int StateSize => {Int(context.Layout.Size)};").Line();
        w.Line($"public static int MaxInstructionLength => {Int(model.Decode.MaxLength)};").Line();
        w.Line($"public static int DecodeContextSize => {Int(Math.Max(1, context.Facts.Context.Count))};").Line();
        w.Line("public static ReadOnlySpan<MemorySpec> Memories => s_memories;").Line();
        w.Line($"public static int FetchMemory => {Int(model.Decode.FetchMemory.Index)};").Line();
        BindTlb(context, w);
        Reset(context, w);
        Recompute(context, w);
        string pc = context.Facts.Pc is { } atom ? $"(({p}State*)h)->{Member(atom.Identifier)}" : "0";
        w.Line($"public static ulong GetPc(CpuHeader* h) => {pc};").Line();
        if (context.Facts.Pc is { } c)
        {
            string value = c.Width is 8 or 16 or 32 or 64 ? $"({StorageType(c.Width)})pc" : $"({StorageType(c.Width)})(pc & {Number(IrMath.Mask(c.Width), 64)})";
            w.Line($"public static void SetPc(CpuHeader* h, ulong pc) => {pc} = {value};").Line();
        }
        else w.Line("public static void SetPc(CpuHeader* h, ulong pc) { }").Line();
        var paged = model.Memories.Where(m => !m.IsBus).ToList();
        w.Line($"public static int MemoryMode(CpuHeader* h, int memory) => {string.Concat(paged.Select(m => $"memory == {Int(m.Index)} ? (({p}State*)h)->{m.Name}_mode : "))}0;").Line();
        DecodeContext(context, w);
        Decode(context, w);
        Translate(context, w, paged);
        Traps(context, w, rollback);
        w.Line($"public static bool IsIdle(CpuHeader* h) => {Condition(context, model.Idle)};").Line();
        w.Line($"public static bool IsStopped(CpuHeader* h) => {Condition(context, model.Stopped)};");
        w.Close();
        return new EmittedFile($"{p}.Isa.cs", w.ToString());
    }

    private static string Condition(EmitContext context, IrFunction? function) => function is null ? "false" : $"{Local(function.Name)}({(FunctionsEmitter.TakesState(context.Facts, function) ? "h" : "")})";

    private static void BindTlb(EmitContext context, CodeWriter w)
    {
        w.Open("public static void BindTlb(CpuHeader* h, int memory, TlbEntry* table0, TlbEntry* table1)").Line($"var s = ({context.P}State*)h;");
        w.Open("switch (memory)");
        foreach (MemorySpec m in context.Model.Memories.Where(m => !m.IsBus))
        {
            w.Line($"case {Int(m.Index)}:").Indent().Line($"s->{m.Name}_tlb0 = table0;").Line($"s->{m.Name}_tlb1 = table1;").Line($"Select_{m.Name}(h);").Line("break;").Unindent();
        }
        w.Close().Close().Line();
    }

    private static void Reset(EmitContext context, CodeWriter w)
    {
        w.Open("public static void Reset(CpuHeader* h)").Line($"var s = ({context.P}State*)h;");
        w.Line($"new Span<byte>((byte*)h + {Int(context.Layout.StateStart)}, {Int(context.Layout.MainSize - context.Layout.StateStart)}).Clear();");
        foreach (StateAtom atom in context.Model.Atoms.Where(a => !a.Reset.IsZero))
        {
            string value = StorageSize(atom.Width) == 16 ? Number(atom.Reset, 128) : Number(atom.Reset, atom.Width > 32 ? 64 : 32);
            value = $"unchecked(({StorageType(atom.Width)}){value})";
            if (!atom.IsArray) w.Line($"s->{Member(atom.Identifier)} = {value};");
            else w.Line($"for (int i = 0; i < {Int(atom.Count)}; i++) {SavedCopies.Place(context, atom, "i")} = {value};");
        }
        w.Line("Refresh(h);");
        if (context.Model.OnReset is { } reset)
        {
            w.Line($"{Local(reset.Name)}({(FunctionsEmitter.TakesState(context.Facts, reset) ? "h" : "")});");
            w.Line("Refresh(h);");
        }
        w.Close().Line();
    }

    private static void Recompute(EmitContext context, CodeWriter w)
    {
        w.Line("public static void RecomputeDerived(CpuHeader* h) => Refresh(h);").Line();
        w.Open("public static void Settle(CpuHeader* h)");
        foreach (DeferredGroup group in context.Model.Groups) w.Line($"Settle_{Pascal(group.Name)}(h);");
        w.Close().Line();
        w.Open("public static void ClearScratch(CpuHeader* h)");
        foreach (DeferredGroup group in context.Model.Groups)
        {
            int arguments = context.Layout.ArgumentsOffset(group);
            w.Line($"new Span<byte>((byte*)h + {Int(arguments)}, {Int(context.Layout.FunctionOffset(group) - arguments)}).Clear();");
        }
        w.Line($"new Span<byte>((byte*)h + {Int(context.Layout.MainSize)}, sizeof({context.P}State) - {Int(context.Layout.MainSize)}).Clear();");
        w.Close().Line();
        w.Open("private static void Refresh(CpuHeader* h)");
        var done = new HashSet<StateAtom>();
        foreach (StateAtom atom in context.Model.Atoms.Where(a => a.Derived is not null)) Derive(atom);
        foreach (MemorySpec memory in context.Model.Memories.Where(m => !m.IsBus)) w.Line($"Select_{memory.Name}(h);");
        w.Line("h->Attention = Attend(h);").Line("h->ContextStale = 1;").Close().Line();

        // Derived states may build on each other: first what others read.
        void Derive(StateAtom atom)
        {
            if (!done.Add(atom)) return;
            foreach (StateAtom read in IrWalker.StatesRead(atom.Derived!).Where(a => a.Derived is not null)) Derive(read);
            w.Line(Updates.Recompute(atom, null));
        }
    }

    private static void DecodeContext(EmitContext context, CodeWriter w)
    {
        w.Open("public static void GetDecodeContext(CpuHeader* h, Span<ulong> values)").Line($"var s = ({context.P}State*)h;");
        int i = 0;
        foreach ((StateAtom atom, int element) in context.Facts.Context)
        {
            if (!atom.IsArray) w.Line($"values[{Int(i++)}] = s->{Member(atom.Identifier)};");
            else if (element >= 0) w.Line($"values[{Int(i++)}] = {SavedCopies.Place(context, atom, Int(element))};");
            else w.Line($"values[{Int(i++)}] = Hash(new ReadOnlySpan<byte>((byte*)h + {Int(context.Layout.Offset(atom))}, {Int(StateLayout.Bytes(atom))}));");
        }
        if (i == 0) w.Line("values[0] = 0;");
        w.Close().Line();
        if (context.Facts.Context.Any(c => c.Atom.IsArray && c.Index < 0))
        {
            w.Summary("One number for a whole array; equal arrays have equal numbers.");
            w.Open("private static ulong Hash(ReadOnlySpan<byte> bytes)").Line("ulong hash = 14695981039346656037;");
            w.Line("foreach (byte b in bytes) hash = (hash ^ b) * 1099511628211;").Line("return hash;").Close().Line();
        }
        IrFunction address = context.Model.Decode.CodeAddress;
        string type = TypeOf(address.Parameters[0].Width);
        string argument = address.Parameters[0].Width == Container(address.Parameters[0].Width) ? $"({type})pc" : $"({type})(pc & {Number(IrMath.Mask(address.Parameters[0].Width), 64)})";
        string state = FunctionsEmitter.TakesState(context.Facts, address) ? "h, " : "";
        w.Line($"public static ulong CodeAddress(CpuHeader* h, ulong pc) => {Local(address.Name)}({state}{argument});").Line();
    }

    private static void Decode(EmitContext context, CodeWriter w)
    {
        string p = context.P;
        w.Open("public static int Decode(CpuHeader* h, byte* bytes, int available, ulong pc, DecodedOp* op)");
        w.Line($"{p}Instruction instruction;");
        w.Line($"int length = {p}Decoder.Decode({p}DecodeMode.Of(h), bytes, available, pc, &instruction);");
        w.Open("if (length > 0)").Line($"{p}Operations.Fill(&instruction, op);").Close();
        w.Open("else if (length < 0)").Line("h->Trap = instruction.RejectTrap;").Line("h->TrapA = instruction.RejectA;").Line("h->TrapB = instruction.RejectB;").Close();
        w.Line("return length;").Close().Line();
        w.Line($"public static void Specialise(DecodedOp* ops, int count) => {p}Operations.Specialise(ops, count);").Line();
    }

    private static void Translate(EmitContext context, CodeWriter w, List<MemorySpec> paged)
    {
        w.Open("public static ulong Translate(CpuHeader* h, int memory, ulong address, uint access, int mode)");
        foreach (MemorySpec m in paged.Where(m => m.Translate is not null))
        {
            string state = FunctionsEmitter.TakesState(context.Facts, m.Translate!) ? "h, " : "";
            w.Line($"if (memory == {Int(m.Index)}) return (ulong){Local(m.Translate!.Name)}({state}({TypeOf(m.AddressWidth)})address, access, mode != 0);");
        }
        w.Line("return address;").Close().Line();
    }

    private static void Traps(EmitContext context, CodeWriter w, Rollback rollback)
    {
        IsaModel model = context.Model;
        w.Line($"private static ReadOnlySpan<byte> Classes => [{string.Join(", ", model.Traps.Select(t => t.Class switch { "trap" => "1", "abort" => "2", _ => "0" }))}];").Line();
        w.Line("public static TrapClass ClassOf(int trap) => (TrapClass)Classes[trap];").Line();
        w.Line($"public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant) => {context.P}Operations.Handler(variant);").Line();
        w.Line($"public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant) => {context.P}Operations.TrapHandler(trap, variant);").Line();
        w.Line($"private static ReadOnlySpan<int> Numbers => [{string.Join(", ", model.Traps.Select(t => Int(t.Number)))}];").Line();
        w.Open("public static void OnTrap(CpuHeader* h, int trap, ulong a, ulong b)");
        if (model.OnTrap is { } hook)
        {
            var values = new[] { "Numbers[trap]", "a", "b" };
            string arguments = string.Join(", ", hook.Parameters.Select((parameter, i) => i < 3 ? Argument(values[i], parameter.Width) : Literal(BigInteger.Zero, parameter.Width)));
            Hook(context, w, rollback, hook, arguments);
        }
        w.Close().Line();
        w.Open("public static void OnBoundary(CpuHeader* h)");
        if (model.OnBoundary is { } boundary) Hook(context, w, rollback, boundary, "");
        w.Close().Line();
    }

    private static string Argument(string value, int width) => width == 1 ? $"(({value}) & 1) != 0" : width is 32 or 64 ? $"({TypeOf(width)}){value}" : $"({TypeOf(width)})((ulong){value} & {Number(IrMath.Mask(width), 64)})";

    /// <summary>Runs a hook; when it raises a trap, what it wrote is undone.</summary>
    private static void Hook(EmitContext context, CodeWriter w, Rollback rollback, IrFunction hook, string arguments)
    {
        var saved = rollback.Saved(context.Model.BodyOf(hook));
        w.Line($"var s = ({context.P}State*)h;");
        for (int i = 0; i < saved.Count; i++) w.Line(SavedCopies.Make(context, saved[i], i, null, declare: true));
        string state = FunctionsEmitter.TakesState(context.Facts, hook) ? arguments.Length > 0 ? "h, " : "h" : "";
        w.Line($"{Local(hook.Name)}({state}{arguments});");
        w.Open("if (h->Trap != 0)");
        for (int i = 0; i < saved.Count; i++) w.Line(SavedCopies.PutBack(context, saved[i], i, null));
        foreach (StateAtom atom in saved.Select(k => k.Key).OfType<StateAtom>().Where(a => a.OnWrite is not null && !a.IsArray)) w.Line($"{Local(atom.OnWrite!.Name)}(h);");
        w.Line("Refresh(h);").Close();
        w.Line("h->Attention = Attend(h);");
    }

    private static EmittedFile Externs(EmitContext context)
    {
        CodeWriter w = CodeWriter.File(context.Namespace);
        w.Summary($"What the machine supplies for the externs of the {context.Model.Name} spec.");
        w.Open($"public abstract unsafe class {context.P}Externs");
        w.Summary("The externs of a CPU.");
        w.Line($"internal static {context.P}Externs Of(CpuHeader* h) => Unsafe.As<{context.P}Externs>(CpuContext.All[h->ContextId].Externs!);");
        foreach (IrFunction e in context.Model.Externs.Where(e => !e.Extern!.IsPure))
        {
            var effects = new List<string>();
            if (!e.Extern!.Reads.IsEmpty) effects.Add("reads " + string.Join(", ", e.Extern.Reads));
            if (!e.Extern.Writes.IsEmpty) effects.Add("writes " + string.Join(", ", e.Extern.Writes));
            if (!e.Extern.Raises.IsEmpty) effects.Add("may raise " + string.Join(", ", e.Extern.Raises.Select(t => t.Name)) + " by setting the header's Trap to its index plus one");
            w.Line();
            w.Summary($"The extern {e.Name}: {(e.Results.IsEmpty ? "no result" : Int(e.Results[0].Width) + " bits")}; {(effects.Count == 0 ? "no effects" : string.Join("; ", effects))}.");
            string parameters = string.Join(", ", new[] { "CpuHeader* h" }.Concat(e.Parameters.Select(x => $"{TypeOf(x.Width)} {Local(x.Name)}")));
            w.Line($"public abstract {(e.Results.IsEmpty ? "void" : TypeOf(e.Results[0].Width))} {Pascal(e.Name)}({parameters});");
        }
        w.Close();
        return new EmittedFile($"{context.P}.Externs.cs", w.ToString());
    }
}
