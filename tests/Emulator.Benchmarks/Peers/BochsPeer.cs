using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>Bochs, of an age with the programs: it boots the kernel's disk image.</summary>
internal sealed class BochsPeer : ProcessPeer
{
    /// <inheritdoc/>
    public override string Name => "Bochs";

    /// <inheritdoc/>
    protected override string Program => Bochs.Program;

    /// <inheritdoc/>
    protected override ProcessStartInfo Start(string kernel, string folder) => Bochs.Start(GuestPrograms.PathOf(kernel + ".img"), "p3_katmai", folder);
}
