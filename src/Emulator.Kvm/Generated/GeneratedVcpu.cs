using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A vCPU on a generated machine: what the machine calls while it executes, whatever the instruction set.</summary>
internal abstract unsafe class GeneratedVcpu : IVcpuBackend
{
    /// <inheritdoc/>
    public GuestAccess Access { get; private protected set; }

    /// <inheritdoc/>
    public bool IsIncomplete => Log.HasWrites || Log.IsWanting || Log.HasReads;

    /// <summary>Whether the engine is to come back before the next instruction.</summary>
    public virtual bool IsLeaving => false;

    /// <summary>The accesses of the instruction under way that leave the machine.</summary>
    private protected AccessLog Log { get; } = new();

    /// <summary>The vCPU's own state, which is not that of a processor a monitor runs the guest on.</summary>
    private protected CpuHeader* Header { get; init; }

    /// <summary>Not 0 while page tables are looked at: what is not there maps nothing.</summary>
    private protected int Walking { get; set; }

    /// <summary>The vCPU of a state.</summary>
    public static GeneratedVcpu Of(CpuHeader* h) => ((IGuestExterns)CpuContext.All[h->ContextId].Externs!).Vcpu;

    /// <summary>Translates; a fetch must lead to memory.</summary>
    public abstract ulong Translate(CpuHeader* h, int memory, ulong address, uint access, int mode);

    /// <summary>A trap is to be delivered.</summary>
    public abstract void OnTrap(CpuHeader* h, int trap, ulong a, ulong b);

    /// <summary>Between instructions, when the description wants to look.</summary>
    public abstract void OnBoundary(CpuHeader* h);

    /// <inheritdoc/>
    public abstract BackendExit Complete(ulong data);

    /// <inheritdoc/>
    public abstract void Stop();

    /// <inheritdoc/>
    public abstract void DropCode();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Memory that no slot answers is read.</summary>
    public ulong ReadMemory(ulong address, int size)
    {
        if (Walking != 0)
        {
            // A page table that is not there maps nothing.
            return 0;
        }

        if (AnswersRead(size, out var own) || Log.TryRead(AccessKind.Memory, address, size, out own))
        {
            return own;
        }

        // As for an access that has to be repeated alone: the handler undoes what it wrote.
        Header->Trap = CpuContext.RetryAlone;
        Stop();
        return 0;
    }

    /// <summary>Memory that no slot lets be written is written: the instruction is finished, then the run ends.</summary>
    public void WriteMemory(ulong address, int size, ulong value)
    {
        if (TakesWrite())
        {
            return;
        }

        Log.Write(AccessKind.Memory, address, size, value);
        Stop();
    }

    /// <summary>Whether such a read is none of the client's business, and what it gives.</summary>
    private protected virtual bool AnswersRead(int size, out ulong value)
    {
        value = 0;
        return false;
    }

    /// <summary>Whether such a write is none of the client's business.</summary>
    private protected virtual bool TakesWrite() => false;
}
