using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>The structures decoding reads and fills: the mode and the decoded instruction.</summary>
internal static class InstructionStruct
{
    /// <summary>What of the state decoding depends on.</summary>
    public static void EmitMode(CodeWriter writer, DecodeShape shape)
    {
        var functions = new FunctionPool(shape, readsState: true);
        var expressions = new DecodeExpressions(shape, functions, readsState: true);
        writer.Summary("What decoding depends on besides the bytes: the initial values of the axes that come from the state.");
        writer.Open($"public unsafe struct {shape.P}DecodeMode");
        foreach (DecodeVariable axis in shape.ModeAxes)
        {
            writer.Summary($"Initial value of {axis.Name}: {string.Join(", ", axis.AxisValues)}.").Line($"public byte {Member(axis.Name)};").Line();
        }
        writer.Summary("The mode a processor is in.");
        writer.Open($"public static {shape.P}DecodeMode Of(CpuHeader* s)").Line($"{shape.P}DecodeMode mode = default;");
        foreach (DecodeVariable axis in shape.ModeAxes)
        {
            writer.Line($"mode.{Member(axis.Name)} = {Cast("byte", expressions.As(IrSimplifier.Simplify(axis.Initial!), 32))};");
        }
        writer.Line("return mode;").Close();
        foreach (CodeWriter method in functions.Emit()) writer.Line().Text(method.ToString().TrimEnd('\n'));
        writer.Close();
    }

    /// <summary>The decoded instruction.</summary>
    public static void EmitInstruction(CodeWriter writer, DecodeShape shape)
    {
        writer.Summary("An instruction as decoded: its form, the alternatives of its operands, and the value of every decode variable.");
        writer.Open($"public unsafe struct {shape.P}Instruction");
        writer.Summary("Address of the instruction.").Line("public ulong Pc;").Line();
        writer.Summary("The instruction word, for word encodings.").Line("public ulong Bits;").Line();
        writer.Summary("Arguments of the trap that rejects the bytes.").Line("public ulong RejectA, RejectB;").Line();
        writer.Summary("The trap that rejects the bytes: its index plus one; 0 for none.").Line("public uint RejectTrap;").Line();
        writer.Summary("Position of the form among all, of the case in the form, of the variant among all.").Line("public ushort Form, Case, Variant;").Line();
        writer.Summary("Bytes of the instruction.").Line("public byte Length;").Line();
        for (int k = 0; k < shape.Operands; k++) writer.Line($"public byte Alternative{Int(k)};");
        foreach (DecodeVariable field in shape.Fields) writer.Line($"public {DecodeShape.FieldType(field)} {Member(field.Name)};");
        foreach (DecodeVariable part in shape.Parts)
        {
            IrExpr slice = IrSimplifier.Simplify(new IrExpr.Slice(new IrExpr.Local(new IrLocal(part.Field!.Name, part.Field.Width)), part.LowBit, part.Width));
            writer.Line($"public readonly {TypeOf(part.Width)} {Member(part.Name)} => {new FieldExpressions().Emit(slice)};");
        }
        foreach (DecodeVariable late in shape.Late) writer.Line($"internal {DecodeShape.FieldType(late)} {late.Name};");
        if (shape.RequiredPrefixes.Count > 0) writer.Line("internal uint Seen;");
        if (shape.TracksProcedures) writer.Line("internal uint Ran;");
        writer.Close();
    }

    private sealed class FieldExpressions : ExpressionEmitter
    {
        protected override string Leaf(IrExpr e) => Member(((IrExpr.Local)e).Variable.Name);
    }
}
