using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>One decoded instruction, to be carried out by its generated handler between two runs of a CPU: software that is not in the CPU's memory, a monitor's.</summary>
internal sealed unsafe class LoneInstruction<TIsa> : IDisposable
    where TIsa : struct, IIsa
{
    private readonly CpuHeader* _state;
    private readonly NativeBlock _memory = new((nuint)(2 * sizeof(DecodedOp)));
    private readonly DecodedOp* _operation;

    /// <summary>Decodes it as the CPU would in its state now.</summary>
    /// <exception cref="ArgumentException">The bytes are no instruction.</exception>
    public LoneInstruction(Cpu<TIsa> cpu, params ReadOnlySpan<byte> bytes)
    {
        _state = cpu.State;
        _operation = (DecodedOp*)_memory.Pointer;
        byte* buffer = stackalloc byte[TIsa.MaxInstructionLength];
        bytes.CopyTo(new Span<byte>(buffer, bytes.Length));
        if (TIsa.Decode(_state, buffer, TIsa.MaxInstructionLength, 0, _operation) != bytes.Length)
            throw new ArgumentException($"{Convert.ToHexString(bytes)} is not one instruction of {TIsa.Name}", nameof(bytes));
        _operation[1].Handler = &Done;
    }

    /// <summary>Carries it out. False when it raised a trap, which is forgotten: it had no effect then.</summary>
    public bool Execute()
    {
        for (DecodedOp* next = _operation->Handler(_state, _operation); next != null;)
            next = next->Handler(_state, next);
        if (_state->TrapOp == null)
            return true;
        _state->Trap = 0;
        _state->TrapOp = null;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static DecodedOp* Done(CpuHeader* h, DecodedOp* op) => null;
}
