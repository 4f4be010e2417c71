using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>What the generated decoded-instruction structure consists of.</summary>
internal sealed class DecodeShape
{
    private readonly Dictionary<byte, int> required = new();
    private readonly List<string> procedures = new();
    private readonly Dictionary<FormModel, (byte[] Required, byte[] Opcode)> split = new();
    private readonly Dictionary<string, DecodeVariable> late = new(StringComparer.Ordinal);

    public DecodeShape(EmitContext context)
    {
        Context = context;
        Model = context.Model;
        Fields.AddRange(Model.Decode.Variables.Where(v => v.Kind != DecodeVariableKind.Part));
        Parts.AddRange(Model.Decode.Variables.Where(v => v.Kind == DecodeVariableKind.Part));
        Fields.AddRange(Model.Decode.Forms.SelectMany(f => f.FormatFields).Distinct());
        var known = new HashSet<DecodeVariable>(Fields);
        foreach (AlternativeModel alternative in Alternatives(Model))
        {
            if (alternative.Slot is { } slot && known.Add(slot)) Fields.Add(slot);
        }
        Operands = Model.Decode.Forms.SelectMany(f => f.Cases).Select(c => c.Operands.Length).DefaultIfEmpty(0).Max();
        procedures.AddRange(Model.Decode.Procedures.Keys);
        if (Model.Decode.Words) return;
        foreach (byte prefix in Model.Decode.Forms.SelectMany(f => Required(f)))
        {
            if (!required.ContainsKey(prefix)) required.Add(prefix, required.Count);
        }
    }

    public EmitContext Context { get; }

    public IsaModel Model { get; }

    public string P => Context.P;

    /// <summary>Parameters of every decoding method: instruction, bytes, how many of them there are, position, address of the instruction.</summary>
    public string Parameters => $"{P}Instruction* i, byte* bytes, int limit, int at, ulong pc";

    public string Arguments => "i, bytes, limit, at, pc";

    /// <summary>Decode variables that are stored, in a fixed order.</summary>
    public List<DecodeVariable> Fields { get; } = new();

    /// <summary>Parts of fields: computed when they are read.</summary>
    public List<DecodeVariable> Parts { get; } = new();

    /// <summary>Most operands of a form.</summary>
    public int Operands { get; }

    /// <summary>Axes whose initial values depend on the state.</summary>
    public IEnumerable<DecodeVariable> ModeAxes => Model.Decode.Variables.Where(v => v.Kind == DecodeVariableKind.Axis && v.Initial is not null and not IrExpr.Const);

    /// <summary>Values that wait in the structure until the length is known, for operands that depend on it.</summary>
    public IEnumerable<DecodeVariable> Late => late.Values;

    /// <summary>Prefix bytes that forms ask for by beginning with them, with the bit that records each.</summary>
    public IReadOnlyDictionary<byte, int> RequiredPrefixes => required;

    /// <summary>Whether the structure records which procedures have run.</summary>
    public bool TracksProcedures { get; private set; }

    /// <summary>Prefix bytes a form begins with.</summary>
    public byte[] Required(FormModel form) => Split(form).Required;

    /// <summary>The opcode of a form: its bytes without prefixes.</summary>
    public byte[] Opcode(FormModel form) => Split(form).Opcode;

    private (byte[] Required, byte[] Opcode) Split(FormModel form)
    {
        if (split.TryGetValue(form, out (byte[], byte[]) known)) return known;
        int count = 0;
        while (count < form.Bytes.Length - 1 && Model.Decode.Prefixes.ContainsKey(form.Bytes[count])) count++;
        byte[] bytes = form.Bytes.ToArray();
        known = (bytes.Take(count).ToArray(), bytes.Skip(count).ToArray());
        split.Add(form, known);
        return known;
    }

    /// <summary>The bit that records whether a procedure has run.</summary>
    public int ProcedureBit(string procedure)
    {
        TracksProcedures = true;
        return procedures.IndexOf(procedure);
    }

    public DecodeVariable LateValue(int position, int number, int width)
    {
        string name = $"Late{position}_{number}_{width}";
        if (!late.TryGetValue(name, out DecodeVariable? variable)) late.Add(name, variable = new DecodeVariable(name, DecodeVariableKind.Operand, width));
        return variable;
    }

    public static string FieldType(DecodeVariable variable) => variable.IsRef ? "ushort" : CSharpNames.TypeOf(variable.Width);

    private static IEnumerable<AlternativeModel> Alternatives(IsaModel model) =>
        model.Decode.Forms.SelectMany(f => f.Cases).SelectMany(c => c.Operands).SelectMany(o => o.Alternatives);
}
