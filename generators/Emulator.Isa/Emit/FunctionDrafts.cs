using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>The texts of a spec's functions as they were last generated. May be used from several threads.</summary>
internal sealed class FunctionDrafts(EmitOptions options)
{
    private readonly Dictionary<IrFunction, CodeWriter> functions = new();
    private readonly Dictionary<(IrFunction Function, StateAtom Field), CodeWriter> components = new();
    private IReadOnlyList<EmittedFile>? files;

    public EmitOptions Options { get; } = options;

    /// <summary>Those a revision keeps.</summary>
    /// <param name="differ">Functions of which callers know other things now.</param>
    public FunctionDrafts Revise(SpecFacts facts, Changes changes, HashSet<IrFunction> differ)
    {
        var kept = new FunctionDrafts(Options);
        lock (functions)
        {
            if (changes.Code.Count == 0) kept.files = files;
            foreach (var pair in functions)
            {
                IrFunction function = pair.Key;
                if (changes.Code.Contains(function) || differ.Contains(function) || (differ.Count > 0 && facts.Summary(function).Called.Any(differ.Contains))) continue;
                kept.functions.Add(function, pair.Value);
            }
            foreach (var pair in components)
            {
                if (!changes.Reaching.Contains(pair.Key.Function)) kept.components.Add(pair.Key, pair.Value);
            }
        }
        return kept;
    }

    /// <summary>The files with all of them.</summary>
    public IReadOnlyList<EmittedFile> Files(Func<IReadOnlyList<EmittedFile>> emit)
    {
        lock (functions)
        {
            if (files is not null) return files;
        }
        var made = emit();
        lock (functions) files = made;
        return made;
    }

    /// <summary>A function's method.</summary>
    public CodeWriter Function(IrFunction function, Func<CodeWriter> emit) => Known(functions, function, emit);

    /// <summary>A method for one of the results of the function of a deferred group.</summary>
    public CodeWriter Component(IrFunction function, StateAtom field, Func<CodeWriter> emit) => Known(components, (function, field), emit);

    private CodeWriter Known<T>(Dictionary<T, CodeWriter> texts, T key, Func<CodeWriter> emit)
    {
        lock (functions)
        {
            if (texts.TryGetValue(key, out CodeWriter? known)) return known;
        }
        CodeWriter made = emit();
        lock (functions) texts[key] = made;
        return made;
    }
}
