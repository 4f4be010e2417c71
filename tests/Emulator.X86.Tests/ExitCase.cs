using Iced.Intel;

namespace Emulator.X86.Tests;

/// <summary>An instruction of a guest that leaves it.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Reason">Basic exit reason.</param>
/// <param name="Prepare">Controls and state; null for those every guest has.</param>
/// <param name="Code">What the guest executes; the last instruction exits.</param>
/// <param name="Qualification">Exit qualification.</param>
/// <param name="Information">Instruction information; null where there is none.</param>
internal sealed record ExitCase(string Name, uint Reason, Action<VmxMachine>? Prepare, Action<Assembler> Code, uint Qualification = 0, uint? Information = null)
{
    public override string ToString() => Name;
}
