using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Compares the marks, which are claims, with what was derived under every profile.</summary>
internal static class MarkChecks
{
    public static ImmutableArray<IsaDiagnostic> Run(IsaModel model, ImmutableArray<ProfileVerdict> profiles, Dictionary<IrFunction, List<InstructionModel>> undeclared)
    {
        var bag = new DiagnosticBag();
        foreach (ProfileVerdict profile in profiles)
        {
            if (!profile.HasMonitor || !profile.HasGuest)
                bag.Add(VirtualizabilityDiagnostics.EmptyProfile, profile.Profile.Span, $"no state satisfies what profile '{profile.Name}' says of the {(profile.HasMonitor ? "guest" : "monitor")}; every verdict would hold of nothing");
        }
        if (bag.HasErrors) return bag.ToImmutable();
        foreach (KeyValuePair<IrFunction, List<InstructionModel>> entry in undeclared)
        {
            bag.Add(VirtualizabilityDiagnostics.NotFollowed.At(entry.Key.Span, $"'{entry.Key.Name}' declares no effects, so nothing can be derived of '{entry.Value[0].Name}'; write what it reads(...), writes(...) and raises(...)")
                with { Related = entry.Value.Select(i => (i.NameSpan, "used here")).ToImmutableArray() });
        }
        Dictionary<InstructionModel, List<(ProfileVerdict Profile, FormVerdict Form)>> byInstruction = model.Instructions.ToDictionary(i => i, _ => new List<(ProfileVerdict, FormVerdict)>());
        foreach (ProfileVerdict profile in profiles)
        {
            foreach (FormVerdict form in profile.Forms) byInstruction[form.Form.Instruction].Add((profile, form));
        }
        // Of an instruction that cannot be followed nothing else is said.
        var unknown = new HashSet<InstructionModel>(undeclared.Values.SelectMany(u => u));
        foreach (InstructionModel instruction in model.Instructions.Where(i => !unknown.Contains(i))) Check(instruction, byInstruction[instruction], bag);
        return bag.ToImmutable();
    }

    private static void Check(InstructionModel instruction, List<(ProfileVerdict Profile, FormVerdict Form)> verdicts, DiagnosticBag bag)
    {
        if (verdicts.FirstOrDefault(v => !v.Form.Followed) is { Form: { } lost })
        {
            bag.Add(VirtualizabilityDiagnostics.NotFollowed, instruction.NameSpan, $"'{instruction.Name}' ({lost.Form.Text}) is too large to follow; the worst is assumed of it");
            return;
        }
        var critical = verdicts.Where(v => v.Form.Critical).ToList();
        var sensitive = verdicts.Where(v => v.Form.Sensitive).ToList();
        string shown = critical.Count > 0 && critical[0].Form.Difference is { } first ? ": " + Explanation.Sentence(first) : "";
        switch (instruction.Mark)
        {
            case "innocuous" when sensitive.Count > 0:
                Report(VirtualizabilityDiagnostics.NotInnocuous, instruction.MarkSpan, $"'{instruction.Name}' is marked innocuous, but it is {Kinds(sensitive)}-sensitive{Profiles(sensitive)}{shown}", (critical.Count > 0 ? critical : sensitive)[0].Form, bag);
                return;
            case "privileged":
                // Where a guest has its own of what it concerns, there is nothing to trap for; nor where only the monitor's mode, with which it is not compared, has something else.
                var claimed = verdicts.Where(v => v.Profile.Profile.Own.IsEmpty || (v.Profile.Profile.OwnMemories.IsEmpty ? v.Form.Sensitive : v.Form.Critical)).ToList();
                var passing = claimed.Where(v => !v.Form.Traps).ToList();
                if (passing.Count > 0)
                {
                    string access = string.Join(", ", passing[0].Form.Access.Where(a => a.Kind != AccessKind.Never).Select(a => a.Mode));
                    Report(VirtualizabilityDiagnostics.NotPrivileged, instruction.MarkSpan,
                        $"'{instruction.Name}' is marked privileged, but {passing[0].Form.Form.Text} does not trap in every guest state{Profiles(passing)}; it completes in {access}{shown}", passing[0].Form, bag);
                    return;
                }
                if (claimed.FirstOrDefault(v => !v.Form.Privileged) is { Form: { } everywhere })
                {
                    Report(VirtualizabilityDiagnostics.TrapsEverywhere, instruction.MarkSpan,
                        $"'{instruction.Name}' may trap in the monitor's mode too, so it is not privileged in the paper's sense", everywhere, bag);
                }
                break;
            case "sensitive" when sensitive.Count == 0:
                bag.Add(VirtualizabilityDiagnostics.NotSensitive, instruction.MarkSpan, $"'{instruction.Name}' is marked sensitive, but nothing it does depends on resources or changes them");
                break;
            case "sensitive" when instruction.Reason is not null && critical.Count == 0:
                bag.Add(VirtualizabilityDiagnostics.NotSensitive, instruction.MarkSpan, $"the reason of '{instruction.Name}' is stale: under every profile it traps where it matters");
                break;
        }
        if (critical.Count == 0) return;
        DiagnosticDescriptor descriptor = instruction is { Mark: "sensitive", Reason: not null } ? VirtualizabilityDiagnostics.AcknowledgedCritical : VirtualizabilityDiagnostics.Critical;
        Report(descriptor, instruction.NameSpan, $"'{instruction.Name}' is {Kinds(critical)}-sensitive and does not trap{Profiles(critical)}{shown}", critical[0].Form, bag);
    }

    private static void Report(DiagnosticDescriptor descriptor, SourceSpan span, string message, FormVerdict form, DiagnosticBag bag) =>
        bag.Add(descriptor.At(span, message) with { Related = Explanation.Chain(form).ToImmutableArray() });

    private static string Kinds(List<(ProfileVerdict Profile, FormVerdict Form)> verdicts)
    {
        ResourceRoles roles = verdicts.Aggregate(ResourceRoles.None, (r, v) => r | v.Form.Behaviour);
        bool control = verdicts.Any(v => v.Form.Controls != ResourceRoles.None);
        return string.Join("-, ", (control ? new[] { "control" } : Array.Empty<string>()).Concat(RoleNames.Kinds(roles)));
    }

    private static string Profiles(List<(ProfileVerdict Profile, FormVerdict Form)> verdicts) =>
        " under " + string.Join(", ", verdicts.Select(v => $"'{v.Profile.Name}'").Distinct());
}
