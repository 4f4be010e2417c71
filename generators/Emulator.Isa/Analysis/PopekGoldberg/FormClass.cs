namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Class of a form under a profile.</summary>
public enum FormClass
{
    /// <summary>Not sensitive.</summary>
    Innocuous,

    /// <summary>Traps in every guest-mode state and in no monitor-mode state.</summary>
    Privileged,

    /// <summary>Sensitive; a guest-mode execution that does not trap never shows it.</summary>
    Sensitive,

    /// <summary>Sensitive, and a guest-mode execution shows it without a trap.</summary>
    Critical,
}
