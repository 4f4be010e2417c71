namespace Emulator.Reports.Model;

/// <summary>What is derived of a form.</summary>
/// <param name="Mnemonic">Name of the instruction.</param>
/// <param name="Number">Number of the form within its instruction, from 1.</param>
/// <param name="Form">Its encoding as written.</param>
/// <param name="Chapter">Chapter of the spec.</param>
/// <param name="Mark">The author's claim.</param>
/// <param name="Class">innocuous, privileged, sensitive or critical.</param>
/// <param name="Traps">Every guest-mode state traps.</param>
/// <param name="Intercepted">The profile intercepts it.</param>
/// <param name="Kinds">control, and the kinds of behaviour sensitivity.</param>
/// <param name="Access">always, sometimes or never by mode.</param>
/// <param name="Conditions">For modes with sometimes: when it traps, as far as it can be said.</param>
/// <param name="Critical">Whether it is critical.</param>
/// <param name="UserCritical">Whether it is so between guest-mode states alone (Theorem 3).</param>
/// <param name="Explanation">One derived sentence on why it is critical; null where it is not.</param>
/// <param name="Reason">The author's reason in the spec; null when none is given.</param>
/// <param name="Reviewed">The reviewed sentence of the committed verdict; null when there is none.</param>
/// <param name="Chain">From state through conditions to effects.</param>
/// <param name="Witness">Two executions that show it; null where there is none or it was not asked for.</param>
/// <param name="File">Spec file.</param>
/// <param name="Line">Line of the form.</param>
/// <param name="Source">The instruction as the spec has it.</param>
/// <param name="SourceLine">Line on which that begins, from 1; 0 when the instruction is not in a spec file.</param>
public sealed record FormReport(string Mnemonic, int Number, string Form, string Chapter, string Mark, string Class, bool Traps, bool Intercepted, IReadOnlyList<string> Kinds,
    IReadOnlyDictionary<string, string> Access, IReadOnlyDictionary<string, string> Conditions, bool Critical, bool UserCritical, string? Explanation, string? Reason, string? Reviewed,
    IReadOnlyList<ChainLink> Chain, WitnessReport? Witness, string File, int Line, string Source, int SourceLine)
{
    /// <summary>What identifies it among all forms.</summary>
    public string Key => $"{Mnemonic} {Number} ({Form})";
}
