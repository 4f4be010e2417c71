using Emulator.Isa;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Replay;

namespace Emulator.Cli.Isa;

/// <summary>An instruction set with its verdicts, from its spec files.</summary>
internal sealed record VerdictSpec(string Folder, IsaModel Model, SpecFacts Facts, VirtualizabilityReport Report)
{
    /// <summary>Binds and analyses a spec; of several instances the one with the given name, or the first.</summary>
    /// <exception cref="UserErrorException">There is no such spec, or it has errors.</exception>
    public static VerdictSpec Load(string isa, CancellationToken cancellation) => LoadAll(isa, cancellation)[0];

    /// <summary>Binds and analyses a spec: the instance with the given name, or all of the folder's.</summary>
    /// <exception cref="UserErrorException">There is no such spec, or it has errors.</exception>
    public static IReadOnlyList<VerdictSpec> LoadAll(string isa, CancellationToken cancellation)
    {
        var folder = SpecFolder.Find(isa);
        var compilation = IsaCompilation.Create(SpecFolder.Read(folder), cancellation);
        if (compilation.HasErrors)
        {
            throw new UserErrorException(ExitCodes.Rejected, compilation.Diagnostics.First(d => d.Severity == Severity.Error).ToString());
        }

        var instances = compilation.Isas.SelectMany(i => i.Instances).Where(i => i.Facts is not null).ToList();
        var named = instances.FindAll(i => i.Name == isa);
        var chosen = named.Count > 0 ? named : instances;
        return chosen.Count > 0
            ? [.. chosen.Select(i => new VerdictSpec(folder, i.Model, i.Facts!, PopekGoldbergAnalysis.Run(i.Model, i.Facts!, cancellation)))]
            : throw new UserErrorException(ExitCodes.Rejected, $"{folder}: there is no instruction set in it.");
    }

    /// <summary>The generated CPU of the spec; null, and why, when this build has none, or one of another version of the spec.</summary>
    public IReplayMachine? Machine(out string missing)
    {
        try
        {
            missing = $"there is no generated CPU of {Model.Name} in this build, only of {string.Join(", ", ReplayMachines.Names)}";
            return ReplayMachines.Create(Model, Facts);
        }
        catch (InvalidOperationException other)
        {
            missing = other.Message;
            return null;
        }
    }

    /// <summary>The profile of a name, or the first one.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public ProfileVerdict Profile(string? name) =>
        Report.Profiles.FirstOrDefault(p => name is null || p.Name == name)
        ?? throw new UserErrorException(ExitCodes.Usage, $"--profile: '{Model.Name}' has {(Report.Profiles.Length == 0 ? "no profiles" : string.Join(", ", Report.Profiles.Select(p => p.Name)))}.");

    /// <summary>The forms of an instruction, by name in any case.</summary>
    /// <exception cref="UserErrorException">There is no such instruction.</exception>
    public static IReadOnlyList<FormVerdict> Forms(ProfileVerdict profile, string instruction)
    {
        var forms = profile.Forms.Where(f => string.Equals(f.Form.Instruction.Name, instruction, StringComparison.OrdinalIgnoreCase)).ToList();
        return forms.Count > 0
            ? forms
            : throw new UserErrorException(ExitCodes.Usage, $"there is no instruction '{instruction}'{Suggestion.For(instruction, profile.Forms.Select(f => f.Form.Instruction.Name))}.");
    }
}
