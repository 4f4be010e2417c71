using Emulator.Kvm.Tests.Host;
using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>What the tests of the contract run on: this machine, and the kernel's KVM where it exists and runs a guest.</summary>
public static class Implementations
{
    /// <summary>Names for <see cref="Open"/>.</summary>
    public const string Bare = "bare", Trap = "trap", Vmx = "vmx", Kernel = "kernel";

    private static readonly Lazy<string> s_kernelProblem = new(() => ProbeKernel(guest => guest.Load(16, "hlt")));
    private static readonly Lazy<string> s_pagingProblem = new(() => s_kernelProblem.Value.Length != 0 ? s_kernelProblem.Value : ProbeKernel(guest => guest.LoadPaged()));

    /// <summary>The implementations of this machine.</summary>
    public static TheoryData<string> Own => new() { Bare, Trap, Vmx };

    /// <summary>Every implementation there is here.</summary>
    public static TheoryData<string> All
    {
        get
        {
            var data = Own;
            TestReport.Write("kvm-reference", s_kernelProblem.Value.Length == 0
                ? "the kernel's KVM runs the same tests"
                : $"the kernel's KVM is not compared with: {s_kernelProblem.Value}");
            if (s_kernelProblem.Value.Length == 0)
                data.Add(Kernel);
            return data;
        }
    }

    /// <summary>Every implementation that runs a 32-bit guest with paging: the kernel's KVM does not where it is itself in a paravirtual machine.</summary>
    public static TheoryData<string> Paging
    {
        get
        {
            var data = Own;
            TestReport.Write("kvm-reference-paging", s_pagingProblem.Value.Length == 0
                ? "the kernel's KVM runs the same tests of paging"
                : $"the kernel's KVM is not compared with in tests of paging: {s_pagingProblem.Value}");
            if (s_pagingProblem.Value.Length == 0)
                data.Add(Kernel);
            return data;
        }
    }

    /// <summary>Opens one.</summary>
    public static IKvm Open(string name) => name == Kernel ? HostKvm.Open(out var problem) ?? throw new InvalidOperationException(problem) : Kvm.Open(name switch { Trap => KvmBackend.TrapAndEmulate, Vmx => KvmBackend.Vmx, _ => KvmBackend.Bare });

    /// <summary>Runs a guest to its HLT; empty when that works.</summary>
    private static string ProbeKernel(Action<Guest> load)
    {
        if (HostKvm.Open(out var problem) is not { } kvm)
            return problem;
        kvm.Dispose();
        try
        {
            using var guest = new Guest(Kernel);
            load(guest);
            return guest.Vcpu.Run() && guest.Exit == KvmExitReason.Hlt ? string.Empty : $"the run to a guest's HLT ended in {guest.Exit}";
        }
        catch (KvmException e)
        {
            return e.Message;
        }
    }
}
