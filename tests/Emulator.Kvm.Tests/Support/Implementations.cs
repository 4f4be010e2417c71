using Emulator.Kvm.Tests.Host;
using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>What the tests of the contract run on: this machine, and the kernel's KVM where it exists and runs a guest.</summary>
public static class Implementations
{
    /// <summary>Names for <see cref="Open"/>.</summary>
    public const string Bare = "bare", Kernel = "kernel";

    private static readonly Lazy<string> s_kernelProblem = new(ProbeKernel);

    /// <summary>Every implementation there is here.</summary>
    public static TheoryData<string> All
    {
        get
        {
            var data = new TheoryData<string> { Bare };
            TestReport.Write("kvm-reference", s_kernelProblem.Value.Length == 0
                ? "the kernel's KVM runs the same tests"
                : $"the kernel's KVM is not compared with: {s_kernelProblem.Value}");
            if (s_kernelProblem.Value.Length == 0)
                data.Add(Kernel);
            return data;
        }
    }

    /// <summary>Opens one.</summary>
    public static IKvm Open(string name) => name == Kernel ? HostKvm.Open(out var problem) ?? throw new InvalidOperationException(problem) : Kvm.Open();

    /// <summary>Runs one instruction of a guest; empty when that works.</summary>
    private static string ProbeKernel()
    {
        if (HostKvm.Open(out var problem) is not { } kvm)
            return problem;
        kvm.Dispose();
        try
        {
            using var guest = new Guest(Kernel);
            guest.Load(16, "hlt");
            return guest.Vcpu.Run() && guest.Exit == KvmExitReason.Hlt ? string.Empty : $"a guest's HLT ended in {guest.Exit}";
        }
        catch (KvmException e)
        {
            return e.Message;
        }
    }
}
