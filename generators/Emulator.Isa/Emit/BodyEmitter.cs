using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>Statements of functions and handlers as C#. Expects simplified IR; the method has <c>h</c> (and <c>s</c>, the state) in scope, a handler <c>op</c> too.</summary>
internal abstract class BodyEmitter(EmitContext context, CodeWriter writer) : ExpressionEmitter
{
    private SourceSpan line;

    protected EmitContext Context { get; } = context;

    protected CodeWriter Writer { get; } = writer;

    /// <summary>What leaves the method with a trap pending: a statement.</summary>
    protected abstract string LeaveWithTrap { get; }

    protected abstract void Return(IrStmt.Return statement);

    /// <summary>A restartable body's commit point.</summary>
    protected virtual void Commit(IrStmt.Commit statement) => throw new InvalidOperationException("commit outside of a restartable body");

    public void Emit(IrStmt.Block block)
    {
        foreach (IrStmt statement in block.Statements) Emit(statement);
    }

    private void Emit(IrStmt statement)
    {
        if (statement is not IrStmt.Block) Line(statement.Span);
        switch (statement)
        {
            case IrStmt.Block s: Emit(s); break;
            case IrStmt.Set s: Writer.Line($"{(s.Declare ? TypeOf(s.Variable.Width) + " " : "")}{Local(s.Variable.Name)} = {Emit(s.Value)};"); break;
            case IrStmt.Call s: Call(s); break;
            case IrStmt.WriteState s: WriteState(s); break;
            case IrStmt.WriteRef s: WriteRef(s); break;
            case IrStmt.WriteGroup s: WriteGroup(s); break;
            case IrStmt.Load s: Load(s.Result, s.Memory, s.Address, s.Mode, forWrite: null); break;
            case IrStmt.LoadForWrite s: Load(s.Result, s.Access.Memory, s.Address, s.Mode, s.Access); break;
            case IrStmt.Store s: Store(s.Memory, s.Address, s.Value, s.Mode); break;
            case IrStmt.StoreBack s: StoreBack(s); break;
            case IrStmt.If s: If(s); break;
            case IrStmt.While s:
                Writer.Open("while (true)");
                Emit(s.Header);
                if (s.Condition is not IrExpr.Const) Writer.Line($"if (!{Wrap(Emit(s.Condition))}) break;");
                Emit(s.Body);
                Writer.Close();
                break;
            case IrStmt.For s: For(s); break;
            case IrStmt.Raise s: Raise(s); break;
            case IrStmt.Return s: Return(s); break;
            case IrStmt.Flush s:
                Writer.Line(s.Address is null ? $"MemoryAccess.Flush(h, {Int(s.Memory.Index)});" : $"MemoryAccess.FlushPage(h, {Int(s.Memory.Index)}, {As(s.Address, 64)});");
                break;
            case IrStmt.Commit s: Commit(s); break;
            case IrStmt.Ignored: break;
            default: throw new InvalidOperationException($"{statement.GetType().Name} in a body");
        }
    }

    /// <summary>Maps what follows to a place of the spec.</summary>
    protected void Line(SourceSpan span)
    {
        if (!Context.Options.Lines || span.Line == 0 || (span.File == line.File && span.Line == line.Line)) return;
        line = span;
        Writer.Margin($"#line {Int(span.Line)} {Quote(span.File)}");
    }

    /// <summary>What follows is no longer of the spec.</summary>
    protected void EndLines()
    {
        if (line.Line != 0) Writer.Margin("#line hidden");
        line = default;
    }

    protected virtual void If(IrStmt.If s)
    {
        Writer.Open($"if ({Emit(s.Condition)})");
        Emit(s.Then);
        Writer.Close();
        if (s.Else.Statements.IsEmpty) return;
        Writer.Open("else");
        Emit(s.Else);
        Writer.Close();
    }

    private void For(IrStmt.For s)
    {
        string type = TypeOf(s.Variable.Width), i = Local(s.Variable.Name);
        Writer.Open($"if ({Wrap(Emit(s.From))} <= {Wrap(Emit(s.To))})");
        Writer.Open($"for ({type} {i} = {Emit(s.From)}; ; {i}++)");
        Emit(s.Body);
        Writer.Line($"if ({i} == {Wrap(Emit(s.To))}) break;");
        Writer.Close().Close();
    }

    private void Raise(IrStmt.Raise s)
    {
        Writer.Line($"h->Trap = {Int(s.Trap.Index + 1)}; // {s.Trap.Name}");
        if (s.Arguments.Length > 0) Writer.Line($"h->TrapA = {As(s.Arguments[0], 64)};");
        if (s.Arguments.Length > 1) Writer.Line($"h->TrapB = {As(s.Arguments[1], 64)};");
        Writer.Line(LeaveWithTrap);
    }

    private void Call(IrStmt.Call s)
    {
        if (s.Function.Extern is { Method: { } method })
        {
            CallLibrary(s, method);
            return;
        }
        string call = Invocation(s.Function, s.Arguments);
        if (s.Results.Length > 0 && s.Results[0] is { } first) Writer.Line($"{TypeOf(first.Width)} {Local(first.Name)} = {call};");
        else Writer.Line(call + ";");
        if (Rollback.MayTrap(Context.Facts, s.Function)) Writer.Line($"if (h->Trap != 0) {LeaveWithTrap}");
        for (int i = 1; i < s.Results.Length; i++)
        {
            if (s.Results[i] is not { } result) continue;
            string read = $"s->Result{Int(i)}";
            Writer.Line($"{TypeOf(result.Width)} {Local(result.Name)} = {(result.Width == 1 ? $"{read} != 0" : Cast(TypeOf(result.Width), read))};");
        }
    }

    /// <summary>A pure extern is a static method: all results but the first come in out parameters.</summary>
    private void CallLibrary(IrStmt.Call s, string method)
    {
        IEnumerable<string> rest = s.Results.Skip(1).Select((r, i) => $"out {TypeOf(s.Function.Results[i + 1].Width)} {(r is null ? "_" : Local(r.Name))}");
        string call = $"global::{method}({string.Join(", ", s.Arguments.Select(a => Emit(a)).Concat(rest))})";
        Writer.Line(s.Results[0] is { } first ? $"{TypeOf(first.Width)} {Local(first.Name)} = {call};" : call + ";");
    }

    /// <summary>A call of a function, as an expression.</summary>
    protected string Invocation(IrFunction function, IEnumerable<IrExpr> arguments)
    {
        var texts = arguments.Select(a => Emit(a)).ToList();
        if (function.Extern is not null) return $"{Context.P}Externs.Of(h).{Pascal(function.Name)}({string.Join(", ", new[] { "h" }.Concat(texts))})";
        if (FunctionsEmitter.TakesState(Context.Facts, function)) texts.Insert(0, "h");
        return $"{Local(function.Name)}({string.Join(", ", texts)})";
    }

    private void WriteState(IrStmt.WriteState s)
    {
        StateAtom atom = s.Atom;
        if (atom.Group is { } group)
        {
            Writer.Line($"Settle_{Pascal(group.Name)}(h);");
            Assigned(group);
        }
        string? index = null;
        if (atom.IsArray)
        {
            index = s.Index is IrExpr.Const c ? Int((int)c.Value) : $"(int)({As(s.Index!, 32)})";
            if (s.Index is not (IrExpr.Const or IrExpr.Local) && (NeedsIndex(atom) || atom.HardWiredZero >= 0))
            {
                Writer.Open(null);
                Writer.Line($"int index = {index};");
                index = "index";
                WriteElement(s, index);
                Writer.Close();
                return;
            }
        }
        WriteElement(s, index);
    }

    private void WriteElement(IrStmt.WriteState s, string? index)
    {
        StateAtom atom = s.Atom;
        Writer.Line($"{Place(atom, index)} = {Stored(s.Value)};");
        if (atom.HardWiredZero >= 0 && s.Index is not IrExpr.Const) Writer.Line($"{Place(atom, Int(atom.HardWiredZero))} = 0;");
        AfterWrite(atom, s.Index, index);
    }

    private bool NeedsIndex(StateAtom atom) => atom.OnWrite is not null || SpecFacts.Dependents(atom).Any() || Context.Facts.Context.Any(c => c.Atom == atom);

    /// <summary>What follows a write: derived states, on-write code, the decode context, the translation tables in use.</summary>
    protected void AfterWrite(StateAtom atom, IrExpr? element, string? index)
    {
        foreach (string text in Updates.After(Context, atom, element is IrExpr.Const c ? (int)c.Value : -1, index)) Writer.Line(text);
    }

    private string Stored(IrExpr value)
    {
        if (value is IrExpr.Const c) return StorageSize(value.Width) == 16 ? Number(c.Value, 128) : c.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) + (value.Width > 32 ? "ul" : "");
        string type = StorageType(value.Width);
        if (value.Width == 1) return Cast(type, As(value, 32));
        string text = Emit(value, exactlyStored: value.Width is 8 or 16 or 32 or 64 or 128);
        return type == TypeOf(value.Width) ? text : Cast(type, text);
    }

    /// <summary>Storing cuts to the width of the place, so bits above need not be cleared when that is the value's width.</summary>
    private string Emit(IrExpr value, bool exactlyStored) => exactlyStored ? Loose(value) : Emit(value);

    private void WriteRef(IrStmt.WriteRef s)
    {
        string place = Register(s.Variable, s.Value.Width);
        Writer.Line($"{place} = {Stored(s.Value)};");
        foreach (StateAtom atom in Context.Facts.Targets(s.Variable))
        {
            if (atom.HardWiredZero >= 0) Writer.Line($"{Place(atom, Int(atom.HardWiredZero))} = 0;");
            AfterWrite(atom, null, null);
        }
    }

    private void WriteGroup(IrStmt.WriteGroup s)
    {
        string group = Identifier(s.Group);
        int bits = StateLayout.ArgumentSize(s.Group) * 8;
        var texts = s.Arguments.Select(a => As(a, bits)).ToList();
        // An argument may read the group: all are evaluated before the first is stored.
        if (s.Arguments.Count(a => !Trivial(a)) > 1 || s.Arguments.Any(a => ReadsGroup(a, s.Group)))
        {
            string type = UnsignedType(bits), id = Unique();
            for (int i = 0; i < texts.Count; i++)
            {
                if (Trivial(s.Arguments[i])) continue;
                Writer.Line($"{type} g{id}_{Int(i)} = {texts[i]};");
                texts[i] = $"g{id}_{Int(i)}";
            }
        }
        for (int i = 0; i < texts.Count; i++) Writer.Line($"s->{group}_{Int(i)} = {texts[i]};");
        Writer.Line($"s->{group} = {Int(s.Group.Functions.IndexOf(s.Function) + 1)}; // {s.Function.Name}");
        foreach (StateAtom field in s.Group.Fields) AfterWrite(field, null, null);
        Assigned(s.Group);
    }

    /// <summary>Called when a group was assigned or settled: what was known of it before no longer holds.</summary>
    protected virtual void Assigned(DeferredGroup group)
    {
    }

    private static bool Trivial(IrExpr e) => e is IrExpr.Const or IrExpr.Local;

    private static bool ReadsGroup(IrExpr e, DeferredGroup group) => IrTree.Any(e, x => x is IrExpr.State s && s.Atom.Group == group || x is IrExpr.Call);

    public static string Identifier(DeferredGroup group) => "group_" + group.Name;

    // Memory.

    private string Mode(MemorySpec memory, IrExpr? mode) => mode is null ? $"s->{memory.Name}_mode" : As(mode, 32) is var text && mode is IrExpr.Const c ? Int((int)c.Value) : $"(int){Wrap(text)}";

    protected virtual void Load(IrLocal result, MemorySpec memory, IrExpr address, IrExpr? mode, IrAccess? forWrite)
    {
        int bits = result.Width;
        string name = Local(result.Name), type = TypeOf(bits);
        if (memory.IsBus)
        {
            string at = As(address, 64);
            if (forWrite is not null)
            {
                Writer.Line($"ulong {Local(forWrite.Name)} = {at};");
                at = Local(forWrite.Name);
            }
            Writer.Line($"{type} {name} = {Swapped(memory, bits, bits == 128 ? $"MemoryAccess.BusRead128(h, {Int(memory.Index)}, {at})" : Narrow(type, $"MemoryAccess.BusRead(h, {Int(memory.Index)}, {at}, {Int(bits / 8)})"))};");
            return;
        }
        string kind = forWrite is null ? "Read" : "ReadForWrite", tag = forWrite is null ? "ReadTag" : "WriteTag";
        string table = Table(memory, mode), entry = "e_" + name, where = "p_" + name;
        string addressType = memory.AddressWidth <= 32 ? "uint" : "ulong";
        Writer.Line($"{addressType} {where} = {Emit(address)};");
        Writer.Line($"var {entry} = {table} + ({where} >> 12 & (TlbEntry.Count - 1));");
        Writer.Line($"{type} {name};");
        // One tag comparison for reading and writing: a page that may be written may be read (the slow path sees to that).
        Writer.Line($"if ({entry}->{tag} == {PageOf(where, bits, memory)}) {name} = {Swapped(memory, bits, Narrow(type, $"*({StorageType(bits)}*)({entry}->Addend + (nint){where})"))};");
        Writer.Open("else");
        Writer.Line($"{name} = {Swapped(memory, bits, $"MemoryAccess.{kind}{Int(bits)}(h, {Int(memory.Index)}, {where}, {Mode(memory, mode)})")};");
        Writer.Line($"if (h->Trap != 0) {LeaveWithTrap}");
        Writer.Close();
        if (forWrite is null) return;
        Writer.Line($"{addressType} {Local(forWrite.Name)} = {where};");
        if (mode is not null and not IrExpr.Const) Writer.Line($"int m_{forWrite.Name} = {Mode(memory, mode)};");
        modes[forWrite] = mode is null or IrExpr.Const ? Mode(memory, mode) : $"m_{forWrite.Name}";
        tables[forWrite] = mode is null or IrExpr.Const ? table : $"(m_{forWrite.Name} != 0 ? s->{memory.Name}_tlb1 : s->{memory.Name}_tlb0)";
    }

    private readonly Dictionary<IrAccess, string> modes = new();
    private readonly Dictionary<IrAccess, string> tables = new();
    private int stores;

    /// <summary>A number that no other name of the method has.</summary>
    protected string Unique() => Int(++stores);

    protected virtual void Store(MemorySpec memory, IrExpr address, IrExpr value, IrExpr? mode)
    {
        string id = Unique();
        int bits = value.Width;
        if (memory.IsBus)
        {
            BusWrite(memory, As(address, 64), value);
            return;
        }
        string addressType = memory.AddressWidth <= 32 ? "uint" : "ulong";
        Writer.Line($"{addressType} w_{id} = {Emit(address)};");
        Write(memory, $"w_{id}", id, value, Table(memory, mode), Mode(memory, mode), traps: true);
    }

    protected virtual void StoreBack(IrStmt.StoreBack s)
    {
        MemorySpec memory = s.Access.Memory;
        if (memory.IsBus) BusWrite(memory, Local(s.Access.Name), s.Value);
        else Write(memory, Local(s.Access.Name), Unique(), s.Value, tables[s.Access], modes[s.Access], traps: false);
    }

    private void BusWrite(MemorySpec memory, string address, IrExpr value)
    {
        int bits = value.Width;
        string text = Swapped(memory, bits, Narrow(TypeOf(bits), Emit(value)));
        Writer.Line(bits == 128 ? $"MemoryAccess.BusWrite128(h, {Int(memory.Index)}, {address}, {text});"
            : $"MemoryAccess.BusWrite(h, {Int(memory.Index)}, {address}, {Int(bits / 8)}, {text});");
    }

    private void Write(MemorySpec memory, string where, string id, IrExpr value, string table, string mode, bool traps)
    {
        int bits = value.Width;
        string v = $"d_{id}", entry = $"e_{id}";
        Writer.Line($"{TypeOf(bits)} {v} = {Swapped(memory, bits, Emit(value))};");
        Writer.Line($"var {entry} = {table} + ({where} >> 12 & (TlbEntry.Count - 1));");
        string stored = StorageType(bits) == TypeOf(bits) ? v : $"({StorageType(bits)}){v}";
        Writer.Line($"if ({entry}->WriteTag == {PageOf(where, bits, memory)}) *({StorageType(bits)}*)({entry}->Addend + (nint){where}) = {stored};");
        Writer.Open("else");
        Writer.Line($"MemoryAccess.Write{Int(bits)}(h, {Int(memory.Index)}, {where}, {v}, {mode});");
        if (traps) Writer.Line($"if (h->Trap != 0) {LeaveWithTrap}");
        Writer.Close();
    }

    protected string Table(MemorySpec memory, IrExpr? mode) => mode switch
    {
        null => $"s->{memory.Name}_tlb",
        IrExpr.Const c => c.Value.IsZero ? $"s->{memory.Name}_tlb0" : $"s->{memory.Name}_tlb1",
        _ => $"({Wrap(Emit(mode))} ? s->{memory.Name}_tlb1 : s->{memory.Name}_tlb0)",
    };

    /// <summary>The page an access of some bits at an address ends in; it is the tag only when the access stays in one page.</summary>
    protected static string PageOf(string address, int bits, MemorySpec memory)
    {
        string mask = memory.AddressWidth <= 32 ? "0xFFFFF000u" : "~0xFFFul";
        return bits == 8 ? $"({address} & {mask})" : $"({address} + {Int(bits / 8 - 1)} & {mask})";
    }

    protected static string Narrow(string type, string text) => type is "ulong" or "UInt128" ? text : type == "bool" ? $"({text} != 0)" : Cast(type, text);

    protected static string Swapped(MemorySpec memory, int bits, string text)
    {
        if (!memory.BigEndian || bits == 8) return text;
        string cast = bits == 16 ? "(ushort)" : "";
        return $"System.Buffers.Binary.BinaryPrimitives.ReverseEndianness({cast}{Wrap(text)})";
    }

    // Leaves.

    protected string Place(StateAtom atom, string? index) => SavedCopies.Place(Context, atom, index);

    protected override string Leaf(IrExpr e)
    {
        switch (e)
        {
            case IrExpr.Local l: return Local(l.Variable.Name);
            case IrExpr.State { Atom.Group: { } group } s: return GroupField(s.Atom, group);
            case IrExpr.State s:
                string place = Place(s.Atom, s.Index is null ? null : s.Index is IrExpr.Const c ? Int((int)c.Value) : $"(int)({As(s.Index, 32)})");
                return s.Atom.Width == 1 ? $"({place} != 0)" : StorageSize(s.Atom.Width) < 4 ? $"(uint){place}" : place;
            case IrExpr.Ref r:
                string register = Register(r.Variable, r.Width);
                return r.Width < 32 ? $"(uint){register}" : register;
            case IrExpr.Decode d: return DecodeSlot(d.Variable);
            case IrExpr.Insn i: return Insn(i);
            case IrExpr.Call call: return Invocation(call.Function, call.Arguments);
            case IrExpr.Table t: return Element(t);
            default: throw new InvalidOperationException($"{e.GetType().Name} in a body");
        }
    }

    /// <summary>The value of a field of a deferred group, whatever it was assigned from last.</summary>
    protected virtual string GroupField(StateAtom field, DeferredGroup group) => $"Get_{field.Identifier}(h)";

    protected override string? LeafAsNumber(IrExpr e, int container) => e is IrExpr.State { Atom: { Group: null, Width: 1 } } s
        ? Cast(UnsignedType(container), Place(s.Atom, s.Index is null ? null : s.Index is IrExpr.Const c ? Int((int)c.Value) : $"(int)({As(s.Index, 32)})"))
        : null;

    private string Element(IrExpr.Table t)
    {
        string index = Wrap(As(t.Index, Container(t.Index.Width)));
        string read = $"Table_{t.Data.Name}[(int){index}]";
        if (t.Width == 1) read = $"({read} != 0)";
        else if (StorageType(t.Width) != TypeOf(t.Width)) read = $"({TypeOf(t.Width)}){read}";
        return IrSimplifier.Max(t.Index) < t.Data.Values.Length ? read : $"({index} < {Int(t.Data.Values.Length)} ? {read} : {Literal(BigInteger.Zero, t.Width)})";
    }

    protected virtual string Register(DecodeVariable variable, int width) => throw new InvalidOperationException($"the register '{variable}' outside of an instruction");

    protected virtual string DecodeSlot(DecodeVariable variable) => throw new InvalidOperationException($"the decode value '{variable}' outside of an instruction");

    protected virtual string Insn(IrExpr.Insn insn) => throw new InvalidOperationException("'insn' outside of an instruction");
}
