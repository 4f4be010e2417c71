using System.Globalization;
using Emulator.Isa;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Reports.Model;

namespace Emulator.Reports;

/// <summary>Makes the report of an instruction set from its spec.</summary>
public static class ReportBuilder
{
    /// <summary>The report of each instance of the instruction sets among spec files.</summary>
    /// <param name="files">Spec files as path and text; they must bind without errors.</param>
    /// <exception cref="InvalidOperationException">The spec has errors.</exception>
    public static IReadOnlyList<IsaReport> Build(IReadOnlyList<(string Path, string Text)> files, ReportOptions options, CancellationToken cancellation = default)
    {
        IsaCompilation compilation = IsaCompilation.Create(files, cancellation);
        if (compilation.HasErrors) throw new InvalidOperationException(compilation.Diagnostics.First(d => d.Severity == Severity.Error).ToString());
        var source = new SpecSource(files);
        return [.. compilation.Isas.SelectMany(i => i.Instances).Where(i => i.Facts is not null).Select(i => Build(i, source, options, cancellation))];
    }

    private static IsaReport Build(BoundInstance instance, SpecSource source, ReportOptions options, CancellationToken cancellation)
    {
        VirtualizabilityReport verdict = PopekGoldbergAnalysis.Run(instance.Model, instance.Facts!, cancellation);
        var finder = options.Witnesses ? new WitnessFinder(instance.Model, instance.Facts!) : null;
        var profiles = verdict.Profiles.Where(p => options.Profiles.Count == 0 || options.Profiles.Contains(p.Name))
            .Select(p => Profile(instance.Model, instance.Facts!, p, finder, source, options, cancellation)).ToList();
        return new IsaReport(instance.Name, profiles, [.. verdict.Diagnostics.Select(d => FindingOf(d, source))]);
    }

    private static ProfileReport Profile(IsaModel model, SpecFacts facts, ProfileVerdict verdict, WitnessFinder? finder, SpecSource source, ReportOptions options, CancellationToken cancellation)
    {
        string name = Expectation.FileName(model, verdict);
        string? expected = options.Expected?.Invoke(name);
        Dictionary<string, string> sentences = expected is null ? [] : Expectation.Sentences(expected);
        var forms = new List<FormReport>();
        foreach (IGrouping<InstructionModel, FormVerdict> group in verdict.Forms.GroupBy(f => f.Form.Instruction))
        {
            int number = 0;
            foreach (FormVerdict form in group)
            {
                cancellation.ThrowIfCancellationRequested();
                forms.Add(Form(model, verdict, form, ++number, sentences, finder, source, cancellation));
            }
        }
        return new ProfileReport(verdict.Name, [Theorem1(verdict), Theorem2(verdict), Theorem3(verdict)],
            Enum.GetValues<FormClass>().ToDictionary(Word, c => verdict.Forms.Count(f => f.Class == c)), forms, Resources(model, facts, verdict), Traps(model, facts),
            options.Expected is null ? null : [.. Expectation.Check(model, verdict, name, expected).Select(d => d.Message)]);
    }

    private static FormReport Form(IsaModel model, ProfileVerdict profile, FormVerdict form, int number, Dictionary<string, string> sentences, WitnessFinder? finder, SpecSource source,
        CancellationToken cancellation)
    {
        InstructionModel instruction = form.Form.Instruction;
        SourceSpan span = form.Form.Span;
        Witness? witness = form is { Critical: true, Difference: { } difference } ? finder?.Find(form.Form, profile.Profile, difference, cancellation) : null;
        return new FormReport(instruction.Name, number, form.Form.Text, instruction.Chapter, instruction.Mark, Word(form.Class), form.Traps, form.Intercepted, [.. form.Kinds],
            form.Access.ToDictionary(a => a.Mode, a => a.Kind.ToString().ToLowerInvariant()),
            form.Access.Where(a => a.Trapping.Length > 0).ToDictionary(a => a.Mode, a => a.Trapping),
            form.Critical, form.UserDifference is not null, form.Difference is { } d ? Explanation.Sentence(d) : null, instruction.Reason,
            sentences.TryGetValue($"{instruction.Name} {number} ({form.Form.Text})", out string? reviewed) ? reviewed : null,
            [.. Chain(form, source)], witness is null ? null : WitnessOf(model, witness), span.File, span.Line, source.Declaration(instruction.NameSpan.File, instruction.NameSpan.Start),
            instruction.NameSpan.Line);
    }

    private static IEnumerable<ChainLink> Chain(FormVerdict form, SpecSource source) =>
        form.Sensitive ? Explanation.Chain(form).Select(c => new ChainLink(c.Span.File, c.Span.Line, c.Note, source.Line(c.Span.File, c.Span.Line))) : [];

    /// <summary>A witness as data.</summary>
    public static WitnessReport WitnessOf(IsaModel model, Witness witness)
    {
        var memory = model.Memories.Where(m => m.IsBus).SelectMany(bus => witness.Reference.Bytes(bus).Concat(witness.Guest.Bytes(bus)).Select(b => b.Key).Distinct().Order()
            .Select(a => new SideBySide($"{bus.Name}[{Witness.Hex(a)}]", Witness.Hex(witness.Reference.Byte(bus, a)), Witness.Hex(witness.Guest.Byte(bus, a)))));
        return new WitnessReport(string.Join(' ', witness.Instruction.Bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture))),
            [.. witness.States(model).Select(s => new SideBySide(Witness.NameOf(model, s.Atom, s.Index), Witness.Hex(s.Reference), Witness.Hex(s.Guest)))
                .Concat(witness.Reference.Devices.SequenceEqual(witness.Guest.Devices) ? [] : [new SideBySide("the machine outside", "one", "another")])],
            [.. memory], [.. witness.Outcomes(model).Select(o => new SideBySide(o.Place, o.Reference, o.Guest))]);
    }

    private static Finding FindingOf(IsaDiagnostic d, SpecSource source) => new(d.Id, d.Severity.ToString().ToLowerInvariant(), d.Message, d.Span.File, d.Span.Line, d.Span.Column,
        [.. d.Related.Select(r => new ChainLink(r.Span.File, r.Span.Line, r.Note, source.Line(r.Span.File, r.Span.Line)))]);

    private static List<ResourceReport> Resources(IsaModel model, SpecFacts facts, ProfileVerdict verdict) =>
        [.. model.Atoms.Where(a => a.Role is not null).Select(atom => new ResourceReport(atom.Name, atom.Role!,
            [.. Instructions(verdict, f => f.Form.Cases.SelectMany(c => c.Variants).Any(v => facts.EffectsOf(v.Body).Reads.Contains(atom)))],
            [.. Instructions(verdict, f => f.Form.Cases.SelectMany(c => c.Variants).Any(v => facts.EffectsOf(v.Body).Writes.Contains(atom)))]))];

    private static IEnumerable<string> Instructions(ProfileVerdict verdict, Func<FormVerdict, bool> condition) =>
        verdict.Forms.Where(f => f.Sensitive || f.Traps).Where(condition).Select(f => f.Form.Instruction.Name).Distinct();

    private static List<TrapReport> Traps(IsaModel model, SpecFacts facts) =>
        [.. model.Traps.Select(trap => new TrapReport(trap.Name, trap.Number, trap.Kind,
            [.. model.Instructions.Where(i => i.Forms.SelectMany(f => f.Cases).SelectMany(c => c.Variants).Any(v => facts.EffectsOf(v.Body).Traps.Contains(trap))).Select(i => i.Name)]))];

    private static TheoremReport Theorem1(ProfileVerdict v) => new(1, v.Theorem1.Holds, v.Theorem1.Holds
        ? "Every sensitive instruction traps: a virtual machine monitor can be constructed."
        : $"{Count(v.Theorem1.Breaking)} sensitive and {(v.Theorem1.Breaking.Length == 1 ? "does" : "do")} not trap: trap and emulate alone does not do.", Names(v.Theorem1));

    private static TheoremReport Theorem2(ProfileVerdict v) => new(2, v.Theorem2.Holds, v.Theorem2.Holds
        ? "Theorem 1 holds and nothing tells the time without a trap: recursively virtualizable, given a monitor without timing dependencies."
        : v.Theorem2.Breaking.Any(f => (f.CriticalRoles & ResourceRoles.Timer) != 0) ? $"{Count(v.Theorem2.Breaking)} timer-sensitive and {(v.Theorem2.Breaking.Length == 1 ? "does" : "do")} not trap."
        : "Theorem 1 fails already.", Names(v.Theorem2));

    private static TheoremReport Theorem3(ProfileVerdict v) => new(3, v.Theorem3.Holds, v.Theorem3.Holds
        ? "Every user-sensitive instruction traps: a hybrid monitor, which interprets all virtual supervisor code, can be constructed."
        : $"{Count(v.Theorem3.Breaking)} user-sensitive and {(v.Theorem3.Breaking.Length == 1 ? "does" : "do")} not trap: not even a hybrid monitor.", Names(v.Theorem3));

    private static string Count(IReadOnlyCollection<FormVerdict> forms) => forms.Count == 1 ? "1 form is" : $"{forms.Count} forms are";

    private static List<string> Names(TheoremVerdict theorem) => [.. theorem.Breaking.Select(f => f.Form.Instruction.Name).Distinct()];

    private static string Word(FormClass c) => c.ToString().ToLowerInvariant();
}
