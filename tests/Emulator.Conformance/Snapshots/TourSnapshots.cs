using Emulator.Machines;
using Emulator.Tour;

namespace Emulator.Conformance.Snapshots;

/// <summary>The tour as approved text: its first instructions, then final state, traps, exit and screen.</summary>
public sealed class TourSnapshots
{
    private const int Traced = 40;
    private const long Budget = 200_000_000;

    [Fact]
    public Task Tour()
    {
        using var machine = new GuestMachine(new ImageFile("tour", TourImage.Build().Bytes));
        var recorder = new RunRecorder(machine.Cpu, X86Recording.Options(X86Run.Disassemble));
        recorder.Step(Traced);
        machine.Cpu.Cpu.Engine.Observer = null;
        long before = machine.Instructions;
        string end = machine.Run(Budget);
        recorder.AddUntraced(machine.Instructions - before, machine.Cpu.TrapCounts);
        recorder.AddExit(end);
        recorder.SetScreen(machine.Pc.Vga.Text?.ToText() ?? "graphics");
        return Verifier.Verify(recorder.ToText());
    }
}
