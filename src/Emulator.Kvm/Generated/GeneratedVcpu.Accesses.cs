using Emulator.Runtime;

namespace Emulator.Kvm;

internal sealed unsafe partial class GeneratedVcpu
{
    private readonly NativeBlock _undo;
    private bool _isReadingPort;
    private bool _portHasNoData;
    private byte _undoAttention;
    private int _walking;

    /// <summary>A port is read, by an instruction between <see cref="BeginPortRead"/> and <see cref="EndPortRead"/>.</summary>
    public ulong ReadPort(ulong port, int size)
    {
        if (_log.TryRead(AccessKind.Port, port, size, out var value))
        {
            // A repeated INS is suspended after this element: the next one is an instruction of its own.
            _h->ContextStale = 1;
            return value;
        }

        _portHasNoData = true;
        _cpu.Stop();
        return 0;
    }

    /// <summary>A port is written: the instruction is finished, then the run ends.</summary>
    public void WritePort(ulong port, int size, ulong value)
    {
        _log.Write(AccessKind.Port, port, size, value);
        _cpu.Stop();
    }

    /// <summary>Memory that no slot answers is read.</summary>
    public ulong ReadMemory(ulong address, int size)
    {
        if (_walking != 0)
        {
            // A page table that is not there maps nothing.
            return 0;
        }

        if (_isReadingPort)
        {
            // IN and INS look at page tables (32 and 64 bits) and the I/O bitmap (16 bits) themselves; what is not there maps nothing and allows nothing.
            return size == sizeof(ushort) ? Bus.AllOnes(size) : 0;
        }

        if (_isDelivering)
        {
            FailDelivery();
            return Bus.AllOnes(size);
        }

        if (_log.TryRead(AccessKind.Memory, address, size, out var value))
        {
            return value;
        }

        // As for an access that has to be repeated alone: the handler undoes what it wrote.
        _h->Trap = CpuContext.RetryAlone;
        _cpu.Stop();
        return 0;
    }

    /// <summary>Memory that no slot lets be written is written: the instruction is finished, then the run ends.</summary>
    public void WriteMemory(ulong address, int size, ulong value)
    {
        if (_isDelivering)
        {
            FailDelivery();
            return;
        }

        _log.Write(AccessKind.Memory, address, size, value);
        _cpu.Stop();
    }

    /// <summary>An instruction that reads a port starts.</summary>
    public void BeginPortRead()
    {
        SaveState();
        _log.Begin();
        _isReadingPort = true;
        _portHasNoData = false;
    }

    /// <summary>It is through. When there was no data, it has had no effect and starts again.</summary>
    public void EndPortRead(DecodedOp* op)
    {
        _isReadingPort = false;
        if (_portHasNoData)
        {
            RestoreState();
            _h->Trap = 0;
            _h->Suspended = 1;
            _h->TrapOp = op;
        }
        else if (_h->Trap != CpuContext.RetryAlone)
        {
            // The element is stored; a repetition goes on with the next.
            _log.Finish();
        }
    }

    /// <summary>Copies everything behind the header, which the engine keeps.</summary>
    private void SaveState()
    {
        var size = s_stateSize - sizeof(CpuHeader);
        new ReadOnlySpan<byte>(_h + 1, size).CopyTo(new Span<byte>(_undo.Pointer, size));
        _undoAttention = _h->Attention;
    }

    private void RestoreState()
    {
        var size = s_stateSize - sizeof(CpuHeader);
        new ReadOnlySpan<byte>(_undo.Pointer, size).CopyTo(new Span<byte>(_h + 1, size));
        _h->Attention = _undoAttention;
        _h->ContextStale = 1;
    }
}
