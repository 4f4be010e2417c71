using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

internal sealed unsafe partial class X86GeneratedVcpu
{
    private readonly NativeBlock _undo;
    private bool _isReadingPort;
    private bool _portHasNoData;
    private byte _undoAttention;

    /// <summary>A port is read, by an instruction between <see cref="BeginPortRead"/> and <see cref="EndPortRead"/>.</summary>
    public ulong ReadPort(ulong port, int size)
    {
        if (Log.TryRead(AccessKind.Port, port, size, out var value))
        {
            // A repeated INS is suspended after this element: the next one is an instruction of its own.
            Header->ContextStale = 1;
            return value;
        }

        _portHasNoData = true;
        Cpu.Stop();
        return 0;
    }

    /// <summary>A port is written: the instruction is finished, then the run ends.</summary>
    public void WritePort(ulong port, int size, ulong value)
    {
        Log.Write(AccessKind.Port, port, size, value);
        Cpu.Stop();
    }

    /// <inheritdoc/>
    private protected override bool AnswersRead(int size, out ulong value)
    {
        value = 0;
        if (_isReadingPort)
        {
            // IN and INS look at page tables (32 and 64 bits) and the I/O bitmap (16 bits) themselves; what is not there maps nothing and allows nothing.
            value = size == sizeof(ushort) ? Bus.AllOnes(size) : 0;
            return true;
        }

        if (_isDelivering)
        {
            FailDelivery();
            value = Bus.AllOnes(size);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    private protected override bool TakesWrite()
    {
        if (_isDelivering)
        {
            FailDelivery();
        }

        return _isDelivering;
    }

    /// <summary>An instruction that reads a port starts.</summary>
    public void BeginPortRead()
    {
        SaveState();
        Log.Begin();
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
            Header->Trap = 0;
            Header->Suspended = 1;
            Header->TrapOp = op;
        }
        else if (Header->Trap != CpuContext.RetryAlone)
        {
            // The element is stored; a repetition goes on with the next.
            Log.Finish();
        }
    }

    /// <summary>Copies everything behind the header, which the engine keeps.</summary>
    private void SaveState()
    {
        var size = X86Isa.StateSize - sizeof(CpuHeader);
        new ReadOnlySpan<byte>(Header + 1, size).CopyTo(new Span<byte>(_undo.Pointer, size));
        _undoAttention = Header->Attention;
    }

    private void RestoreState()
    {
        var size = X86Isa.StateSize - sizeof(CpuHeader);
        new ReadOnlySpan<byte>(_undo.Pointer, size).CopyTo(new Span<byte>(Header + 1, size));
        Header->Attention = _undoAttention;
        Header->ContextStale = 1;
    }
}
