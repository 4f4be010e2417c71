using System.Security.Cryptography;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Machines;

public sealed unsafe partial class PcMachine
{
    private const int HashSize = SHA256.HashSizeInBytes;
    private static readonly byte[] s_magic = "EMUPC001"u8.ToArray();

    /// <summary>Saves processor, RAM and devices, between runs. The ROM is not saved, only what it must be.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Cpu.Run(0); // does what waits to be done before the next instruction, such as a reset
        using var hashing = new HashingStream(stream);
        hashing.Write(s_magic);
        hashing.Write(Identity());
        using (var writer = new BinaryWriter(hashing, Encoding.UTF8, leaveOpen: true))
            Cpu.Save(writer);
        TransferDevices(SnapshotStream.Writer(hashing));
        stream.Write(hashing.Hash());
    }

    /// <summary>Restores what <see cref="Save"/> wrote on a machine of the same kind: it then continues exactly like the one saved.</summary>
    /// <param name="stream">The snapshot; must be able to seek.</param>
    /// <returns>Null, or why the snapshot cannot be used. Damage and other machines are noticed before anything changes.</returns>
    public string? Restore(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (Verify(stream) is { } problem)
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

    /// <summary>Checks everything that can be checked beforehand and leaves the stream at the processor's part.</summary>
    private string? Verify(Stream stream)
    {
        long start = stream.Position;
        byte[] identity = Identity();
        long length = stream.Length - start - HashSize;
        if (length < s_magic.Length + identity.Length)
            return "the snapshot ends early";
        var head = new byte[s_magic.Length + identity.Length];
        stream.ReadExactly(head);
        if (!head.AsSpan(0, s_magic.Length).SequenceEqual(s_magic))
            return "this is no snapshot of a PC, or one of another version";

        stream.Position = start;
        using var hashing = new HashingStream(Stream.Null);
        var buffer = new byte[1 << 16];
        for (long left = length; left > 0;)
        {
            int count = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, count);
            hashing.Write(buffer, 0, count);
            left -= count;
        }

        var expected = new byte[HashSize];
        stream.ReadExactly(expected);
        if (!hashing.Hash().AsSpan().SequenceEqual(expected))
            return "the snapshot is damaged: its checksum is wrong";
        if (!head.AsSpan(s_magic.Length).SequenceEqual(identity))
            return "the snapshot was taken on a machine with other memory or firmware";
        stream.Position = start + head.Length;
        return null;
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
