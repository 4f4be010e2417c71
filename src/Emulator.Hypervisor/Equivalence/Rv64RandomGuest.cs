using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Random guests of 64 bits.</summary>
internal sealed unsafe class Rv64RandomGuest : RiscVRandomGuest<Rv64Isa>
{
    /// <inheritdoc/>
    public override IsaMetadata Isa => Rv64Metadata.Instance;

    /// <inheritdoc/>
    protected override int Xlen => 64;

    /// <inheritdoc/>
    public override string Disassemble(Cpu<Rv64Isa> cpu, ReadOnlySpan<byte> bytes)
    {
        int length = Rv64Disassembler.Disassemble(Rv64DecodeMode.Of(cpu.State), bytes, cpu.Pc, out string text);
        return $"{Convert.ToHexStringLower(bytes[..Math.Max(length, 2)])}  {text}";
    }

    /// <inheritdoc/>
    protected override object CreateExterns(Func<long> time) => new Externs(time);

    private sealed class Externs(Func<long> time) : Rv64Externs
    {
        public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => IsAccessible(v_address, v_access);

        public override ulong Cycles(CpuHeader* h) => (ulong)time();

        public override ulong Instructions(CpuHeader* h) => (ulong)time();

        public override ulong Time(CpuHeader* h) => (ulong)time();
    }
}
