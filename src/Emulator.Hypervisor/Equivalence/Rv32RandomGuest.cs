using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Random guests of 32 bits.</summary>
internal sealed unsafe class Rv32RandomGuest : RiscVRandomGuest<Rv32Isa>
{
    /// <inheritdoc/>
    public override IsaMetadata Isa => Rv32Metadata.Instance;

    /// <inheritdoc/>
    protected override int Xlen => 32;

    /// <inheritdoc/>
    public override string Disassemble(Cpu<Rv32Isa> cpu, ReadOnlySpan<byte> bytes)
    {
        int length = Rv32Disassembler.Disassemble(Rv32DecodeMode.Of(cpu.State), bytes, cpu.Pc, out string text);
        return $"{Convert.ToHexStringLower(bytes[..Math.Max(length, 2)])}  {text}";
    }

    /// <inheritdoc/>
    protected override object CreateExterns(Func<long> time) => new Externs(time);

    private sealed class Externs(Func<long> time) : Rv32Externs
    {
        public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => IsAccessible(v_address, v_access);

        public override ulong Cycles(CpuHeader* h) => (ulong)time();

        public override ulong Instructions(CpuHeader* h) => (ulong)time();

        public override ulong Time(CpuHeader* h) => (ulong)time();
    }
}
