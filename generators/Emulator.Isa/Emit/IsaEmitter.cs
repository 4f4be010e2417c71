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
        var context = new EmitContext(model, options, cancellation);
        EffectAnalysis.Run(context.Facts, cancellation);
        BlockEnds.Run(context.Facts);
        var files = new List<EmittedFile>();
        files.AddRange(new DecoderEmitter().Emit(context));
        files.AddRange(FunctionsEmitter.Emit(context));
        files.AddRange(HandlersEmitter.Emit(context));
        files.AddRange(IsaStructEmitter.Emit(context));
        files.AddRange(DisassemblerEmitter.Emit(context));
        files.AddRange(AssemblerEmitter.Emit(context));
        files.AddRange(MetadataEmitter.Emit(context));
        // Last: the parts above place what they keep copies of.
        files.AddRange(StateEmitter.Emit(context));
        return options.Lines ? files.ConvertAll(LineDirectives.Pin) : files;
    }
}
