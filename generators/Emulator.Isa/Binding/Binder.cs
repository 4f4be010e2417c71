using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>Turns the declarations of one ISA instance into an <see cref="IsaModel"/>: names resolved, widths checked, bodies specialised per variant.</summary>
public sealed partial class Binder
{
    private DiagnosticBag diagnostics;
    private CancellationToken cancellation;
    private IsaModel model;
    private readonly List<(Decl Declaration, string Chapter)> declarations = new();

    private readonly Dictionary<string, Value> constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Value>> enums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> enumWidths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateNode> states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateNode?> fieldNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Decl.Function> functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Decl.Undefined> undefineds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IrFunction> externs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Decl.Space> spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemorySpec> memories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IrTable> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrapSpec> traps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeferredGroup> groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IrFunction> instances = new(StringComparer.Ordinal);
    private readonly List<IrFunction> inProgress = new();
    private readonly Dictionary<(object Kind, string Name), SourceSpan> places = new();

    private readonly SpecFile root;

    private Binder(string name, SpecFile root, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        this.root = root;
        model = new IsaModel(name);
        this.diagnostics = diagnostics;
        this.cancellation = cancellation;
    }

    /// <summary>Binds one instance.</summary>
    /// <param name="name">Name of the instance, or of the ISA when it has none.</param>
    /// <param name="files">The root and its chapters, in include order.</param>
    /// <param name="parameters">Values of the ISA's parameters.</param>
    /// <returns>The model; with errors in <paramref name="diagnostics"/> it may be incomplete and must not be emitted.</returns>
    public static IsaModel Bind(string name, IReadOnlyList<SpecFile> files, IReadOnlyDictionary<string, BigInteger> parameters, DiagnosticBag diagnostics, CancellationToken cancellation) =>
        Of(name, files, parameters, diagnostics, cancellation).model;

    /// <summary>The same, as a binder that can <see cref="Revise"/> what it bound.</summary>
    internal static Binder Of(string name, IReadOnlyList<SpecFile> files, IReadOnlyDictionary<string, BigInteger> parameters, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var binder = new Binder(name, files[0], diagnostics, cancellation);
        foreach (var parameter in parameters) binder.constants[parameter.Key] = Value.Of(parameter.Value);
        foreach (var file in files)
        {
            var chapter = ChapterOf(file);
            foreach (var declaration in file.Declarations) binder.declarations.Add((declaration, chapter));
        }
        binder.Run();
        return binder;
    }

    /// <summary>The model bound last.</summary>
    internal IsaModel Model => model;

    private static string ChapterOf(SpecFile file) => file.Declarations.OfType<Decl.Chapter>().FirstOrDefault()?.Title ?? System.IO.Path.GetFileNameWithoutExtension(file.Path);

    private void Run()
    {
        DeclareConstants();
        DeclareStates();
        DeclareNames();
        CheckEssentials();
        BindStateParts();
        BindMemories();
        BindDecode();
        BindHooks();
        BindInstructions();
        FinishDependencies();
        bindings.CountMaps(others);
    }

    private IEnumerable<T> Each<T>() where T : Decl => declarations.Select(d => d.Declaration).OfType<T>();

    private void Report(DiagnosticDescriptor descriptor, SourceSpan span, string message) => diagnostics.Add(descriptor, span, message);

    /// <summary>Reports with the declaration that explains it.</summary>
    private void Report(DiagnosticDescriptor descriptor, SourceSpan span, string message, SourceSpan declared) =>
        diagnostics.Add(declared.Line == 0 ? descriptor.At(span, message) : descriptor.At(span, message) with { Related = ImmutableArray.Create((declared, "declared here")) });

    private void DeclareConstants()
    {
        var scope = new Scope();
        foreach (var e in Each<Decl.Enum>())
        {
            var width = BitsOf(e.Type, scope).Width;
            var values = new Dictionary<string, Value>(StringComparer.Ordinal);
            foreach (var (name, value) in e.Values) values[name] = Value.Of(ConstantOf(value, width, scope));
            if (!Declare(enums, e.Name, values, e.Span)) continue;
            enumWidths[e.Name] = width;
        }
        foreach (var c in Each<Decl.Const>())
        {
            Declare(constants, c.Name, c.Type is null ? Value.Of(ConstantOf(c.Value, scope)) : Value.Of(ConstantOf(c.Value, BitsOf(c.Type, scope).Width, scope)), c.Span);
        }
        foreach (var t in Each<Decl.Table>()) DeclareTable(t, scope);
    }

    private void DeclareTable(Decl.Table t, Scope scope)
    {
        if (t.Type is not TypeSyntax.Array array)
        {
            Report(SemanticDiagnostics.WrongKind, t.Type.Span, "a table has an array type such as u8[16] or string[16]");
            return;
        }
        var table = array.Element is null
            ? new IrTable(t.Name, 0, ImmutableArray<BigInteger>.Empty, t.Values.Select(v => v is Expr.Text s ? s.Value : "").ToImmutableArray())
            : new IrTable(t.Name, BitsOf(array.Element, scope).Width, t.Values.Select(v => ConstantOf(v, BitsOf(array.Element, scope).Width, scope) is IrExpr.Const c ? c.Value : BigInteger.Zero).ToImmutableArray(), ImmutableArray<string>.Empty);
        var count = ConstantOf(array.Count, scope);
        if (count != t.Values.Length) Report(SemanticDiagnostics.WrongArguments, t.Span, $"table '{t.Name}' has {t.Values.Length} values, its type says {count}");
        if (Declare(tables, t.Name, table, t.Span)) model.Tables.Add(table);
    }

    private void DeclareNames()
    {
        foreach (var f in Each<Decl.Function>())
        {
            if (Declare(functions, f.Name, f, f.Span)) bindings.Functions.Add(f.Name, f);
        }
        foreach (var u in Each<Decl.Undefined>()) Declare(undefineds, u.Name, u, u.Span);
        foreach (var s in Each<Decl.Space>()) Declare(spaces, s.Name, s, s.Span);
        var scope = new Scope();
        foreach (var t in Each<Decl.Trap>())
        {
            var number = ConstantOf(t.Number, scope, 0, 65535, "the number of a trap");
            var spec = new TrapSpec(t.Name, model.Traps.Count, number, t.Class, t.Kind, t.Parameters.Select(p => (p.Name, BitsOf(p.Type, scope).Width)).ToImmutableArray(), t.Span);
            if (Declare(traps, t.Name, spec, t.Span)) model.Traps.Add(spec);
        }
        foreach (var e in Each<Decl.Extern>())
        {
            var parameters = e.Parameters.Select(p => new IrLocal("v_" + p.Name, BitsOf(p.Type, scope).Width, BitsOf(p.Type, scope).Signed)).ToImmutableArray();
            var results = ResultsOf(e.Result, scope);
            var function = new IrFunction(e.Name, parameters, results, e.Span)
            {
                Extern = new ExternSpec(e.Name, e.Reads, e.Writes, e.Raises.Where(traps.ContainsKey).Select(r => traps[r]).ToImmutableArray(), e.Declared, e.Method),
            };
            if (e.Method is not null && (e.Reads.Length | e.Writes.Length | e.Raises.Length) != 0) Report(SemanticDiagnostics.NotHere, e.Span, $"'{e.Name}' is pure, and reads, writes or raises something; it is one or the other");
            if (e.Method is not null && results.IsEmpty) Report(SemanticDiagnostics.NoResult, e.Span, $"'{e.Name}' is pure and has no result: it would do nothing");
            if (Declare(externs, e.Name, function, e.Span))
            {
                model.Externs.Add(function);
                bindings.Impure.Add(function);
            }
        }
        foreach (var m in Each<Decl.Modes>())
        {
            model.ModeAtom = states.TryGetValue(m.Name, out var node) ? node.Atom : fieldNames.TryGetValue(m.Name, out node) ? node?.Atom : null;
            if (model.ModeAtom is null) Report(SemanticDiagnostics.UnknownName, m.Span, $"the mode state '{m.Name}' is not declared");
            foreach (var (name, value) in m.Values) model.Modes.Add((name, ConstantOf(value, scope)));
        }
    }

    private bool Declare<T>(Dictionary<string, T> names, string name, T value, SourceSpan span)
    {
        if (names.ContainsKey(name))
        {
            if (places.TryGetValue((names, name), out var first)) Report(SemanticDiagnostics.DuplicateName, span, $"'{name}' is already declared", first);
            else Report(SemanticDiagnostics.DuplicateName, span, $"'{name}' is already declared");
            return false;
        }
        names[name] = value;
        places[(names, name)] = span;
        return true;
    }

    /// <summary>What no instruction set can do without.</summary>
    private void CheckEssentials()
    {
        var counters = model.Atoms.Where(a => a.IsPc).ToList();
        var missing = new List<string>();
        if (counters.Count == 0) missing.Add("a program counter (state PC : u32 pc;)");
        foreach (var other in counters.Skip(1)) Report(SemanticDiagnostics.DuplicateName, other.Span, $"'{other.Name}' is a second program counter", counters[0].Span);
        if (model.Traps.All(t => t.Kind != "undefined")) missing.Add("a trap for undefined instructions (trap NAME = NUMBER fault undefined;)");
        if (!Each<Decl.Decode>().Any()) missing.Add("a decode block (decode bytes max N else TRAP() fetch MEMORY by FUNCTION { ... })");
        if (missing.Count > 0) Report(SemanticDiagnostics.MissingDeclaration, root.IsaSpan, $"'{model.Name}' lacks {string.Join(", ", missing)}");
    }

    private void BindMemories()
    {
        var scope = new Scope();
        foreach (var m in Each<Decl.Memory>())
        {
            var memory = new MemorySpec(m.Name, model.Memories.Count, BitsOf(m.Type, scope).Width, m.Big, m.PageBits, m.Span);
            if (Declare(memories, m.Name, memory, m.Span)) model.Memories.Add(memory);
        }
        foreach (var m in Each<Decl.Memory>())
        {
            if (m.By is null || !memories.TryGetValue(m.Name, out var memory)) continue;
            if (m.Over is null || !memories.TryGetValue(m.Over, out var over)) Report(SemanticDiagnostics.UnknownName, m.Span, $"memory '{m.Name}' is paged over '{m.Over}', which is not a memory");
            else memory.Over = over;
            if (!functions.TryGetValue(m.By, out var by)) Report(SemanticDiagnostics.UnknownName, m.Span, $"the translation function '{m.By}' is not declared{DidYouMean(m.By, functions.Keys)}");
            else memory.Translate = Instantiate(by, new Dictionary<string, int>(), m.Span);
            if (m.Per is not null) memory.Per = Condition(m.Per, "Per_" + m.Name);
        }
    }

    /// <summary>An expression over state as a function without parameters and a result of width 1.</summary>
    private IrFunction Condition(Expr expression, string name)
    {
        var function = new IrFunction(name, ImmutableArray<IrLocal>.Empty, ImmutableArray.Create(("", 1)), expression.Span);
        var scope = new Scope { Results = function.Results };
        var value = Typed(Bind(expression, scope, 1), 1, expression.Span);
        scope.Output.Add(new IrStmt.Return(expression.Span, ImmutableArray.Create(value)));
        function.Body = BlockOf(scope.Output, expression.Span);
        return function;
    }

    private void BindHooks()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var hook in Each<Decl.Hook>())
        {
            if (!seen.Add("on " + hook.Name)) Report(SemanticDiagnostics.DuplicateName, hook.Span, $"'on {hook.Name}' is already declared");
            var scope = new Scope { Results = ImmutableArray<(string, int)>.Empty };
            var parameters = DeclareParameters(hook.Parameters, scope);
            var function = new IrFunction("On_" + hook.Name, parameters, ImmutableArray<(string, int)>.Empty, hook.Span);
            BindBlock(hook.Body, scope);
            function.Body = BlockOf(scope.Output, hook.Span);
            switch (hook.Name)
            {
                case "trap": model.OnTrap = function; break;
                case "boundary": model.OnBoundary = function; break;
                case "reset": model.OnReset = function; break;
                default: Report(SemanticDiagnostics.UnknownName, hook.Span, $"'on {hook.Name}' is not an event; events are trap, boundary and reset"); break;
            }
        }
        foreach (var condition in Each<Decl.Condition>())
        {
            if (!seen.Add(condition.Name)) Report(SemanticDiagnostics.DuplicateName, condition.Span, $"'{condition.Name}' is already declared");
            var function = Condition(condition.Value, "Is_" + condition.Name);
            switch (condition.Name)
            {
                case "attention": model.Attention = function; break;
                case "idle": model.Idle = function; break;
                case "stopped": model.Stopped = function; break;
            }
        }
        BindProfiles();
    }

    private void BindProfiles()
    {
        var byName = new Dictionary<string, ProfileModel>(StringComparer.Ordinal);
        foreach (var p in Each<Decl.Profile>())
        {
            var parent = p.Base is not null && byName.TryGetValue(p.Base, out var b) ? b : null;
            if (p.Base is not null && parent is null) Report(SemanticDiagnostics.UnknownName, p.Span, $"profile '{p.Base}' is not declared before '{p.Name}'");
            var profile = new ProfileModel(p.Name, Conditions(p, "monitor", parent?.Monitor), Conditions(p, "guest", parent?.Guest), Conditions(p, "hold", parent?.Hold),
                (parent?.Intercepts ?? ImmutableArray<string>.Empty).AddRange(Intercepts(p)))
            {
                Own = (parent?.Own ?? ImmutableHashSet<StateAtom>.Empty).Union(Own(p)),
                OwnMemories = (parent?.OwnMemories ?? ImmutableArray<MemorySpec>.Empty).Concat(OwnMemories(p)).Distinct().ToImmutableArray(),
                Span = p.Span,
            };
            byName[p.Name] = profile;
            model.Profiles.Add(profile);
        }
    }

    private IEnumerable<string> Intercepts(Decl.Profile p)
    {
        foreach (var (clause, name) in p.Clauses.Where(c => c.Keyword == "intercept").SelectMany(c => c.Names.Select(n => (c, n))))
        {
            var known = Each<Decl.Instruction>().Select(i => i.Name).Concat(Each<Decl.Function>().Where(f => f.Widths.IsEmpty).Select(f => f.Name)).ToList();
            if (known.Contains(name)) yield return name;
            else Report(SemanticDiagnostics.UnknownName, clause.Span, $"there is no instruction or procedure '{name}' to intercept{DidYouMean(name, known)}");
        }
    }

    /// <summary>The paged memories a profile gives the guest.</summary>
    private IEnumerable<MemorySpec> OwnMemories(Decl.Profile p) =>
        p.Clauses.Where(c => c.Keyword == "own").SelectMany(c => c.Names).Select(n => memories.TryGetValue(n, out MemorySpec? memory) ? memory : null).OfType<MemorySpec>().Where(m => !m.IsBus);

    /// <summary>Every part of the states a profile gives the guest.</summary>
    private IEnumerable<StateAtom> Own(Decl.Profile p)
    {
        foreach (var (clause, name) in p.Clauses.Where(c => c.Keyword == "own").SelectMany(c => c.Names.Select(n => (c, n))))
        {
            if (memories.TryGetValue(name, out MemorySpec? memory) && !memory.IsBus) continue;
            var parts = model.Atoms.Where(a => a.Name == name || a.Name.StartsWith(name + ".", StringComparison.Ordinal)).ToList();
            if (parts.Count == 0) Report(SemanticDiagnostics.UnknownName, clause.Span, $"there is no state '{name}'{DidYouMean(name, model.Atoms.Select(a => a.Name.Split('.')[0]).Distinct())}");
            foreach (var part in parts) yield return part;
        }
    }

    /// <summary>The clauses of a kind; one about the same states as an inherited one takes its place.</summary>
    private ImmutableArray<IrFunction> Conditions(Decl.Profile p, string keyword, ImmutableArray<IrFunction>? inherited)
    {
        var own = p.Clauses.Where(c => c.Keyword == keyword && c.Condition is not null).Select((c, i) => Condition(c.Condition!, $"{p.Name}_{keyword}_{i}")).ToImmutableArray();
        var about = own.Select(f => new HashSet<StateAtom>(IrWalker.StatesRead(f))).ToList();
        var kept = (inherited ?? ImmutableArray<IrFunction>.Empty).Where(f => !about.Any(a => a.SetEquals(IrWalker.StatesRead(f))));
        return kept.Concat(own).ToImmutableArray();
    }

    private static IrStmt.Block BlockOf(List<IrStmt> statements, SourceSpan span) => new(span, statements.ToImmutableArray());

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static string DidYouMean(string name, IEnumerable<string> known) => Suggestion.For(name, known);
}
