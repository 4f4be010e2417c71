using System.Security.Cryptography;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Machines;

public sealed unsafe partial class PcMachine
{
    private static readonly byte[] s_magic = "EMUPC001"u8.ToArray();

    /// <summary>Saves processor, RAM and devices, between runs. The ROM is not saved, only what it must be.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Cpu.Run(0); // does what waits to be done before the next instruction, such as a reset
        SnapshotFile.Write(stream, s_magic, Identity(), content =>
        {
            using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
                Cpu.Save(writer);
            TransferDevices(SnapshotStream.Writer(content));
        });
    }

    /// <summary>Restores what <see cref="Save"/> wrote on a machine of the same kind: it then continues exactly like the one saved.</summary>
    /// <param name="stream">The snapshot; must be able to seek.</param>
    /// <returns>Null, or why the snapshot cannot be used. Damage and other machines are noticed before anything changes.</returns>
    public string? Restore(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (SnapshotFile.Check(stream, s_magic, Identity(), "a PC") is { } problem)
                return problem;
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            if (!Cpu.Restore(reader))
                return "the processor's part is of another version; take the snapshot again";
            var devices = SnapshotStream.Reader(stream);
            TransferDevices(devices);
            Cpu.StateChanged();
            return devices.Error;
        }
        catch (IOException failure)
        {
            return $"it cannot be read: {failure.Message}";
        }
    }

    /// <summary>SHA-256 over processor, RAM, devices and time, in hexadecimal: equal for equal machines, whatever the host.</summary>
    public string HashState()
    {
        using var hashing = new HashingStream(Stream.Null);
        hashing.Write(Encoding.ASCII.GetBytes(Cpu.HashState()));
        TransferDevices(SnapshotStream.Writer(hashing));
        return Convert.ToHexStringLower(hashing.Hash());
    }

    /// <summary>What two machines must have in common.</summary>
    private byte[] Identity() => [.. BitConverter.GetBytes(_memorySize), .. SHA256.HashData(_firmware is null ? [] : _firmware.Span)];

    private void TransferDevices(SnapshotStream s)
    {
        PcEnd end = _end?.End ?? PcEnd.Budget;
        int exitCode = _end?.ExitCode ?? 0;
        s.Value(ref end);
        s.Value(ref exitCode);
        _end = end == PcEnd.Budget ? null : new PcRun(end, 0, exitCode);
        _devices.Transfer(s);
    }
}
