namespace Emulator.Machines;

/// <summary>What devices can do to the machine around them. All are called in the middle of an instruction, and take effect after it.</summary>
/// <param name="A20Changed">Address line 20 opens or closes.</param>
/// <param name="ResetProcessor">The INIT pin of the processor: the devices stay as they are.</param>
/// <param name="ResetMachine">The reset line of the whole machine.</param>
/// <param name="PowerOff">The power supply switches off.</param>
/// <param name="GuestExit">The guest ends the run with an exit code.</param>
internal sealed record PcOutcomes(Action<bool> A20Changed, Action ResetProcessor, Action ResetMachine, Action PowerOff, Action<int> GuestExit);
