using System.CommandLine;
using Emulator.Benchmarks;

var kernels = new Option<string[]>("--kernel") { Description = "kernels to run; all by default", AllowMultipleArgumentsPerToken = true };
var peers = new Option<string[]>("--peer") { Description = "whom to compare with: bochs, qemu, native; all by default", AllowMultipleArgumentsPerToken = true };
var repetitions = new Option<int>("--repetitions") { Description = "rounds; every round runs every kernel on everyone in turn", DefaultValueFactory = _ => 3 };
var target = new Option<double>("--at-least") { Description = "fail unless every kernel runs so many times as fast as on Bochs" };
var root = new RootCommand("Instructions per second of the interpreter on four kernels, beside other emulators in the same run.") { kernels, peers, repetitions, target };
root.SetAction(parsed => KernelBenchmark.Run(
    new InterpreterPeer(), [("bochs", new BochsPeer()), ("qemu", new QemuPeer()), ("native", new NativePeer())],
    parsed.GetValue(kernels) ?? [], parsed.GetValue(peers) ?? [], parsed.GetValue(repetitions), parsed.GetValue(target), Console.Out));

var riscv = new Command("riscv", "The same kernels compiled for RISC-V, on our virt machine, on QEMU's, and natively.") { kernels, repetitions };
riscv.SetAction(parsed =>
{
    int exit = 0;
    foreach (int xlen in (int[])[64, 32])
    {
        exit |= KernelBenchmark.Run(
            new RiscvInterpreterPeer(xlen), [("qemu", new RiscvQemuPeer(xlen)), ("native", new RiscvNativePeer())],
            parsed.GetValue(kernels) ?? [], [], parsed.GetValue(repetitions), 0, Console.Out);
    }

    return exit;
});
root.Subcommands.Add(riscv);

var rounds = new Option<int>("--repetitions") { Description = "rounds after warming up", DefaultValueFactory = _ => 5 };
var enforce = new Option<bool>("--enforce") { Description = "fail when a budget is missed" };
var budgets = new Command("budgets", "What compiling the specs costs, against its budgets, and how much is generated.") { rounds, enforce };
budgets.SetAction(parsed => BudgetBenchmark.Run(parsed.GetValue(rounds), parsed.GetValue(enforce), Console.Out));
root.Subcommands.Add(budgets);

var monitor = new Command("monitor", "What the trap-and-emulate monitor costs: guests bare and hosted, in turn.") { repetitions };
monitor.SetAction(parsed => MonitorBenchmark.Run(parsed.GetValue(repetitions), Console.Out));
root.Subcommands.Add(monitor);
return root.Parse(args).Invoke();
