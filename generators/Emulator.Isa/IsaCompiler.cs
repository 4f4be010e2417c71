using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.Encodings;
using Emulator.Isa.Binding;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>
/// The stages of compilation after parsing and grouping, each a function of its arguments alone. Generator, analyzer, command line and tests use these (or
/// <see cref="IsaCompilation"/>, which runs them all). Specs never make them throw: a defect of the compiler becomes ISA9001.
/// </summary>
public static class IsaCompiler
{
    /// <summary>Binds every instance of an instruction set and analyses what was bound.</summary>
    public static BoundIsa Bind(IsaFiles files, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        var instances = ImmutableArray.CreateBuilder<BoundInstance>();
        if (!files.IsComplete) return new BoundIsa(files, ImmutableArray<BoundInstance>.Empty, ImmutableArray<IsaDiagnostic>.Empty);
        try
        {
            var declared = InstanceParameters.Of(files, diagnostics);
            if (diagnostics.HasErrors) return new BoundIsa(files, ImmutableArray<BoundInstance>.Empty, diagnostics.ToImmutable());
            foreach (var (name, parameters) in declared) instances.Add(Bind(name, files, parameters, diagnostics, cancellation));
            if (!diagnostics.HasErrors) UnusedDefinitions.Check(files, diagnostics);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            diagnostics.Add(InternalDiagnostics.At(files.Root.IsaSpan, "binding", e));
        }
        return new BoundIsa(files, instances.ToImmutable(), diagnostics.ToImmutable()) { OutlineKey = Outline.KeyOf(files, instances) };
    }

    /// <summary>Overlaps, unreachable forms and the like; nothing for a spec with errors.</summary>
    public static ImmutableArray<IsaDiagnostic> CheckEncodings(BoundIsa isa, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        if (!isa.CanEmit) return ImmutableArray<IsaDiagnostic>.Empty;
        try
        {
            foreach (var instance in isa.Instances) EncodingAnalysis.Run(instance.Model, diagnostics, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            diagnostics.Add(InternalDiagnostics.At(isa.Files.Root.IsaSpan, "the check of encodings", e));
        }
        return diagnostics.ToImmutable();
    }

    private static BoundInstance Bind(string name, IsaFiles files, IReadOnlyDictionary<string, BigInteger> parameters, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var binder = Binder.Of(name, files.Files, parameters, diagnostics, cancellation);
        var model = binder.Model;
        if (diagnostics.HasErrors) return new BoundInstance(name, model, null);
        var facts = new SpecFacts(model);
        EffectAnalysis.Run(facts, cancellation);
        UndefinedReads.Check(facts, facts.Bodies, diagnostics, cancellation);
        BlockEnds.Run(facts);
        SlotPlan.Check(model, model.Variants, diagnostics, cancellation);
        return new BoundInstance(name, model, facts) { Binder = binder, Bindings = binder.Bindings };
    }

    /// <summary>
    /// What <see cref="Bind(IsaFiles, CancellationToken)"/> gives, made from what was bound before when only bodies of instructions and functions changed: the usual edit. In the
    /// result the places of everything else are those in the former texts, which is why it serves to generate without line numbers and nothing else.
    /// </summary>
    /// <returns>The revision; null where everything must be bound anew.</returns>
    public static BoundIsa? Revise(BoundIsa former, IsaFiles files, CancellationToken cancellation = default)
    {
        if (!former.CanEmit || !former.Diagnostics.IsEmpty || !files.IsComplete || BodyEdits.Between(former.Files, files) is not { } changed) return null;
        try
        {
            var diagnostics = new DiagnosticBag();
            var instances = ImmutableArray.CreateBuilder<BoundInstance>();
            foreach (var instance in former.Instances)
            {
                SpecFacts known = instance.Facts!;
                if (instance.Binder!.Revise(instance.Model, instance.Bindings!, changed, f => known.Declared(instance.Binder.Decoding).Contains(f), cancellation) is not { } revised) return null;
                var facts = known.Revise(revised.Model, revised.Functions, cancellation);
                UndefinedReads.Check(facts, facts.Changes!.Bodies, diagnostics, cancellation);
                SlotPlan.Check(revised.Model, revised.Model.Variants.Where(v => facts.Changes.New.Contains(v.Body)), diagnostics, cancellation);
                instances.Add(instance with { Model = revised.Model, Facts = facts, Bindings = revised.Bindings });
            }
            UnusedDefinitions.Check(files, diagnostics);
            // Findings name places, so they are made on the texts as they are.
            return diagnostics.Count > 0 ? null : former with { Files = files, Instances = instances.ToImmutable(), IsRevision = true };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Binding anew tells, if it was not the attempt itself.
            return null;
        }
    }

    /// <summary>Emits every instance; nothing when errors stop generation.</summary>
    public static EmittedIsa Emit(BoundIsa isa, EmitOptions options, CancellationToken cancellation = default)
    {
        EmittedIsa decoding = EmitDecoding(isa, options, cancellation), execution = EmitExecution(isa, options, cancellation);
        return new EmittedIsa(isa.Name, decoding.Files.AddRange(execution.Files), decoding.Diagnostics.AddRange(execution.Diagnostics));
    }

    /// <summary>Emits what <see cref="BoundIsa.OutlineKey"/> determines: decoder, disassembler, assembler.</summary>
    public static EmittedIsa EmitDecoding(BoundIsa isa, EmitOptions options, CancellationToken cancellation = default) =>
        Emit(isa, facts => IsaEmitter.EmitDecoding(facts, options, cancellation));

    /// <summary>Emits the rest: state, functions, handlers, metadata; and what the instances have in common.</summary>
    public static EmittedIsa EmitExecution(BoundIsa isa, EmitOptions options, CancellationToken cancellation = default) =>
        Emit(isa, facts => IsaEmitter.EmitExecution(facts, options, cancellation), () => IsaEmitter.EmitShared(isa.Name, isa.Instances.Select(i => i.Model).ToList(), options));

    private static EmittedIsa Emit(BoundIsa isa, Func<SpecFacts, IReadOnlyList<EmittedFile>> emit, Func<IEnumerable<EmittedFile>>? shared = null)
    {
        if (!isa.CanEmit) return new EmittedIsa(isa.Name, ImmutableArray<EmittedFile>.Empty, ImmutableArray<IsaDiagnostic>.Empty);
        try
        {
            var files = isa.Instances.SelectMany(i => emit(i.Facts!)).Concat(shared?.Invoke() ?? []).ToImmutableArray();
            return new EmittedIsa(isa.Name, files, ImmutableArray<IsaDiagnostic>.Empty);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new EmittedIsa(isa.Name, ImmutableArray<EmittedFile>.Empty, ImmutableArray.Create(InternalDiagnostics.At(isa.Files.Root.IsaSpan, "generation", e)));
        }
    }
}
