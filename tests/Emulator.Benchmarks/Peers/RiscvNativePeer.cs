using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>The same source compiled for the host, 64 bits.</summary>
internal sealed class RiscvNativePeer : ProcessPeer
{
    /// <inheritdoc/>
    public override string Name => "native";

    /// <inheritdoc/>
    public override string? Missing => null;

    /// <inheritdoc/>
    protected override string Program => "native";

    /// <inheritdoc/>
    protected override ProcessStartInfo Start(string kernel, string folder) => new(RiscvGuests.PathOf(kernel));
}
