using System.Security.Cryptography;
using System.Text;

namespace Emulator.Machines;

public sealed partial class VirtMachine
{
    private static readonly byte[] s_magic = "EMUVIRT1"u8.ToArray();

    /// <summary>Saves harts, RAM and devices, between runs. Images and the disk's image are not saved, only what they must be.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SnapshotFile.Write(stream, s_magic, Identity(), content =>
        {
            using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
            {
                for (int i = 0; i < _harts.Length; i++)
                    _harts[i].Save(writer, withMemory: i == 0);
            }

            TransferDevices(SnapshotStream.Writer(content));
        });
    }

    /// <summary>Restores what <see cref="Save"/> wrote on a machine built alike: it then continues exactly like the one saved.</summary>
    /// <param name="stream">The snapshot; must be able to seek.</param>
    /// <returns>Null, or why the snapshot cannot be used. Damage and other machines are noticed before anything changes.</returns>
    public string? Restore(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (SnapshotFile.Check(stream, s_magic, Identity(), "a virt machine") is { } problem)
                return problem;
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            for (int i = 0; i < _harts.Length; i++)
            {
                if (!_harts[i].Restore(reader, withMemory: i == 0))
                    return "the processor's part is of another version; take the snapshot again";
            }

            var devices = SnapshotStream.Reader(stream);
            TransferDevices(devices);
            return devices.Error;
        }
        catch (IOException failure)
        {
            return $"it cannot be read: {failure.Message}";
        }
    }

    /// <summary>SHA-256 over harts, RAM, devices and time, in hexadecimal: equal for equal machines, whatever the host.</summary>
    public string HashState()
    {
        using var hashing = new HashingStream(Stream.Null);
        for (int i = 0; i < _harts.Length; i++)
            hashing.Write(Encoding.ASCII.GetBytes(_harts[i].HashState(withMemory: i == 0)));
        TransferDevices(SnapshotStream.Writer(hashing));
        return Convert.ToHexStringLower(hashing.Hash());
    }

    /// <summary>What two machines must have in common.</summary>
    private byte[] Identity()
    {
        var identity = new List<byte>();
        identity.AddRange([(byte)Xlen, (byte)_harts.Length, .. BitConverter.GetBytes(MemorySize)]);
        foreach (LoadSegment segment in _images.Segments)
            identity.AddRange(SHA256.HashData(segment.Content.Span));
        identity.AddRange(_diskHash);
        return SHA256.HashData(identity.ToArray());
    }

    private void TransferDevices(SnapshotStream s)
    {
        VirtEnd end = _end?.End ?? VirtEnd.Budget;
        int exitCode = _end?.ExitCode ?? 0;
        s.Value(ref end);
        s.Value(ref exitCode);
        _end = end == VirtEnd.Budget ? null : new VirtRun(end, 0, exitCode);
        s.Value(ref _resetPending);

        // Time first: devices that schedule on loading must see it.
        s.Part(_scheduler);
        _devices.Transfer(s);
    }
}
