using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>Where a decoded operation keeps what its body reads of the decoding: register references in R slots, values in the smallest slots that fit.</summary>
internal sealed class SlotPlan
{
    private static readonly string[] References = { "R0", "R1", "R2", "R3" };
    private static readonly (int Bits, string[] Names)[] Values =
    {
        (8, new[] { "B0", "B1", "B2", "B3", "B4", "B5", "B6", "B7" }), (32, new[] { "W0", "W1" }), (64, new[] { "U0", "U1" }),
    };

    private readonly Dictionary<DecodeVariable, string> slots = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    private SlotPlan()
    {
    }

    /// <summary>Slot of the instruction word; null when the body does not read it.</summary>
    public string? Bits { get; private set; }

    /// <summary>The variables with their slots, in order of first use.</summary>
    public ImmutableArray<(DecodeVariable Variable, string Slot)> Slots { get; private set; } = ImmutableArray<(DecodeVariable, string)>.Empty;

    public string this[DecodeVariable variable] => slots[variable];

    /// <summary>Identity for bodies that are filled alike.</summary>
    public string Key => string.Join(";", Slots.Select(s => $"{s.Variable.Name}={s.Slot}")) + (Bits is null ? "" : ";bits=" + Bits);

    /// <summary>Reports the forms whose bodies no operation can hold the values for.</summary>
    public static void Check(IsaModel model, IEnumerable<VariantModel> variants, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        foreach (VariantModel variant in variants)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Of(model.BodyOf(variant.Body)) is not null) continue;
            diagnostics.Add(EncodingDiagnostics.TooManyValues, variant.Form.Span,
                $"the body of '{variant.Form.Instruction.Name}' reads more of this form's decode values than a decoded operation keeps: 4 registers, 8 values of up to 8 bits, 2 of up to 32, 2 of up to 64 (a smaller value may take a larger place)");
        }
    }

    /// <summary>The C# type of a slot.</summary>
    public static string SlotType(string slot) => slot[0] switch { 'B' => "byte", 'W' => "uint", 'U' => "ulong", _ => "ushort" };

    /// <summary>Plans a body; null when it reads more than an operation can keep.</summary>
    public static SlotPlan? Of(IrStmt.Block body)
    {
        var plan = new SlotPlan();
        var order = new List<(DecodeVariable, string)>();
        bool fits = true;
        int bits = 0;
        IrTree.Visit(body, s =>
        {
            if (s is IrStmt.WriteRef w) Use(w.Variable);
        }, e =>
        {
            if (e is IrExpr.Decode d) Use(d.Variable);
            else if (e is IrExpr.Ref r) Use(r.Variable);
            else if (e is IrExpr.Insn { Property: InsnProperty.Bits } i) bits = Math.Max(bits, i.Width);
        });
        if (bits > 0)
        {
            plan.Bits = plan.Take(bits);
            fits &= plan.Bits is not null;
        }
        plan.Slots = order.ToImmutableArray();
        return fits ? plan : null;

        void Use(DecodeVariable variable)
        {
            if (plan.slots.ContainsKey(variable)) return;
            string? slot = variable.IsRef ? References.FirstOrDefault(plan.taken.Add) : plan.Take(variable.Width);
            fits &= slot is not null;
            plan.slots[variable] = slot ?? "";
            order.Add((variable, slot ?? ""));
        }
    }

    private string? Take(int width)
    {
        foreach ((int bits, string[] names) in Values)
        {
            if (width > bits) continue;
            if (names.FirstOrDefault(taken.Add) is { } name) return name;
        }
        return null;
    }
}
