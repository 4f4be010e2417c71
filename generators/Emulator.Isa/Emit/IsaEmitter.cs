using Emulator.Isa.Analysis;
using Emulator.Isa.Emit.Decoding;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>The back end: everything generated from a model.</summary>
public static class IsaEmitter
{
    /// <summary>Emits every file of an ISA instance; the model must be free of errors.</summary>
    public static IReadOnlyList<EmittedFile> Emit(IsaModel model, EmitOptions options, CancellationToken cancellation)
    {
        var facts = new SpecFacts(model);
        EffectAnalysis.Run(facts, cancellation);
        BlockEnds.Run(facts);
        return EmitDecoding(facts, options, cancellation).Concat(EmitExecution(facts, options, cancellation)).ToList();
    }

    /// <summary>What follows from the declarations and the encodings of instructions: it does not depend on what their bodies do, but on the axes they are specialised on.</summary>
    public static IReadOnlyList<EmittedFile> EmitDecoding(SpecFacts facts, EmitOptions options, CancellationToken cancellation)
    {
        var context = new EmitContext(facts.Model, facts, options, cancellation);
        var files = new List<EmittedFile>();
        files.AddRange(new DecoderEmitter().Emit(context));
        files.AddRange(DisassemblerEmitter.Emit(context));
        files.AddRange(AssemblerEmitter.Emit(context));
        return Finish(files, options);
    }

    /// <summary>What bodies and functions become, the state they work on, and what is known of them. Effects and block ends are computed.</summary>
    public static IReadOnlyList<EmittedFile> EmitExecution(SpecFacts facts, EmitOptions options, CancellationToken cancellation)
    {
        var context = new EmitContext(facts.Model, facts, options, cancellation);
        var files = new List<EmittedFile>();
        // Beside the handlers: these place no copies.
        var rest = Task.Run(() => (Functions: FunctionsEmitter.Emit(context).ToList(), Metadata: MetadataEmitter.Emit(context).ToList()), cancellation);
        var handlers = HandlersEmitter.Emit(context).Concat(IsaStructEmitter.Emit(context)).ToList();
        var (functions, metadata) = rest.GetAwaiter().GetResult();
        files.AddRange(functions);
        files.AddRange(handlers);
        files.AddRange(metadata);
        // Last: the parts above place what they keep copies of.
        files.AddRange(StateEmitter.Emit(context));
        return Finish(files, options);
    }

    /// <summary>What several instances of an ISA have in common; nothing where there is one.</summary>
    public static IEnumerable<EmittedFile> EmitShared(string isa, IReadOnlyList<IsaModel> models, EmitOptions options) =>
        models.Count > 1 ? [CommonStateEmitter.Emit(isa, models, options)] : [];

    private static List<EmittedFile> Finish(List<EmittedFile> files, EmitOptions options) => options.Lines ? files.ConvertAll(LineDirectives.Pin) : files;
}
