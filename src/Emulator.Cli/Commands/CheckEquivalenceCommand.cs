using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emulator.Hypervisor;

namespace Emulator.Cli.Commands;

/// <summary>`emu check equivalence`: random guests in lockstep on the bare machine and under the monitor.</summary>
internal static class CheckEquivalenceCommand
{
    private const string Patch = "patch", Trust = "trust", Intercept = "intercept", Tlb = "tlb", Shadow = "shadow";

    public static Command Create(CommandContext context)
    {
        var isa = new Option<string>("--isa") { Description = "Instruction set", HelpName = "NAME", DefaultValueFactory = _ => context.Services.Isas.DefaultName };
        isa.AcceptOnlyFromAmong([.. Equivalence.Isas]);
        var critical = new Option<string>("--critical") { Description = "What the monitor does about critical instructions: patch (the default); trust, which is found out; or intercept: x86 under VMX", HelpName = "NAME", DefaultValueFactory = _ => Patch };
        critical.AcceptOnlyFromAmong(Patch, Trust, Intercept);
        var paging = new Option<string>("--paging") { Description = "x86: where the real CPU's translations come from: tlb (the default) or shadow", HelpName = "NAME", DefaultValueFactory = _ => Tlb };
        paging.AcceptOnlyFromAmong(Tlb, Shadow);
        var instructions = new Option<long>("--instructions") { Description = "Instructions to compare", HelpName = "N", DefaultValueFactory = _ => 5_000_000 };
        var seed = new Option<int>("--seed") { Description = "Where the random numbers begin", HelpName = "S", DefaultValueFactory = _ => 1 };
        instructions.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<long>() <= 0)
            {
                result.AddError("--instructions: at least 1.");
            }
        });
        var command = new Command("equivalence", "Run random guests in lockstep on the bare machine and under the monitor, and compare") { isa, critical, paging, instructions, seed };
        command.SetAction(parsed =>
        {
            var clock = Stopwatch.StartNew();
            var policy = BootCommand.PolicyOf(parsed.GetValue(critical));
            var tables = parsed.GetValue(paging) == Shadow ? PagingPolicy.Shadow : PagingPolicy.Tlb;
            if (tables == PagingPolicy.Shadow && parsed.GetRequiredValue(isa) != "x86")
            {
                throw new UserErrorException(ExitCodes.Usage, "--paging shadow is for x86; monitors of RISC-V have a virtual TLB (docs/hypervisor.md).");
            }

            if (policy == CriticalPolicy.Intercept && (parsed.GetValue(isa) != Equivalence.Isas[0] || tables == PagingPolicy.Shadow))
            {
                throw new UserErrorException(ExitCodes.Usage, $"--critical intercept is for {Equivalence.Isas[0]}, whose VMX has page tables of its own: leave --paging out.");
            }

            var result = Equivalence.Check(parsed.GetRequiredValue(isa), policy, parsed.GetValue(instructions), parsed.GetValue(seed), context.Cancellation, tables);
            Print(context.Output, result, clock.Elapsed);
            return result.Failure is null ? ExitCodes.Success : ExitCodes.Rejected;
        });
        return command;
    }

    private static void Print(TextWriter output, EquivalenceResult result, TimeSpan elapsed)
    {
        var verdict = result.Failure is null ? "the bare machine and the monitor agree" : "they differ";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Instructions:N0} instructions of {result.Guests:N0} random guests in {elapsed.TotalSeconds:F1} s: {result.Statistics.Direct:N0} run directly, {result.Statistics.Interpreted:N0} interpreted, {result.Statistics.Exits:N0} exits; {verdict}"));
        if (result.Failure is not { } failure)
        {
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"guest {failure.Stream}, after {failure.After} instructions:"));
        foreach (var line in failure.Instructions)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine("then:");
        foreach (var line in failure.Differences)
        {
            output.WriteLine($"  {line}");
        }
    }
}
