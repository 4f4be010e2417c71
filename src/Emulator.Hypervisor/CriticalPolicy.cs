namespace Emulator.Hypervisor;

/// <summary>What a monitor does about critical instructions: sensitive ones that do not trap.</summary>
public enum CriticalPolicy
{
    /// <summary>Nothing: pure trap and emulate, as the paper has it. What they do wrong, the guest sees.</summary>
    Trust,

    /// <summary>They are rewritten when code is translated, so that they exit: the repair set the analyzer derives.</summary>
    Patch,

    /// <summary>The processor intercepts them: the guest runs in VMX non-root operation (<see cref="VmxMonitor{TIsa}"/>).</summary>
    Intercept,
}
