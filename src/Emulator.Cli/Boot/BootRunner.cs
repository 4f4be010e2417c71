using System.Diagnostics;
using Emulator.Cli.Commands;
using Emulator.Cli.Screen;

namespace Emulator.Cli.Boot;

/// <summary>Runs a machine, looked after at every heartbeat, until it ends, the budget is used up, or the user stops it.</summary>
internal sealed class BootRunner(CommandContext context, BootSettings settings)
{
    /// <summary>Boots and runs; returns the exit code.</summary>
    public int Run(BootRequest request)
    {
        using var debugConsole = OutputSink.Open(settings.DebugConsole);
        using var serial = settings.Serial == settings.DebugConsole ? null : OutputSink.Open(settings.Serial);
        using var machine = context.Services.Machines.Create(request, new MachineOutputs(debugConsole.Write, (serial ?? debugConsole).Write));

        if (settings.SerialInput is { } input)
        {
            SerialInput.Connect(input, machine);
        }

        var clock = Stopwatch.StartNew();
        var (end, exitCode) = RunMachine(machine, () =>
        {
            debugConsole.Flush();
            serial?.Flush();
        });
        clock.Stop();

        if (settings.LiveScreen || settings.PrintScreen)
        {
            context.Output.Write(machine.ReadScreen()?.ToText() ?? "(the screen is in a graphics mode)\n");
            context.Output.Flush();
        }

        if (end is not null)
        {
            context.Error.WriteLine($"emu: {end}");
        }

        if (settings.Statistics)
        {
            StatisticsTable.Write(context.Error, machine, clock.Elapsed);
        }

        return exitCode;
    }

    private (string? Message, int ExitCode) RunMachine(IMachine machine, Action flush)
    {
        using var screen = settings.LiveScreen ? LiveScreen.TryStart() : null;
        using var interrupt = context.Cancellation.Register(machine.Stop);
        using var heartbeat = new Heartbeat(machine.Stop);
        while (true)
        {
            var left = (settings.MaxInstructions ?? long.MaxValue) - machine.Instructions;
            if (left <= 0)
            {
                return ($"stopped after {machine.Instructions} instructions, as --max-instructions says.", ExitCodes.BudgetExhausted);
            }

            var slice = machine.Run(left);
            flush();
            screen?.Show(machine);
            switch (slice.End)
            {
                case MachineEnd.GuestExit:
                    return (null, slice.ExitCode);
                case MachineEnd.PowerOff:
                    return ("the guest switched the machine off.", ExitCodes.Success);
                case MachineEnd.Halted:
                    return ("the guest halted, and nothing will wake it.", ExitCodes.Success);
                case MachineEnd.TripleFault:
                    return ("triple fault: the processor shut down.", ExitCodes.TripleFault);
            }

            if (context.Cancellation.IsCancellationRequested)
            {
                return ($"stopped after {machine.Instructions} instructions.", ExitCodes.Interrupted);
            }
        }
    }
}
