namespace Emulator.Kvm;

/// <summary>The way from generated code to the vCPU it executes: what every instruction set's externs implement here.</summary>
internal interface IGuestExterns
{
    /// <summary>The vCPU.</summary>
    GeneratedVcpu Vcpu { get; }
}
