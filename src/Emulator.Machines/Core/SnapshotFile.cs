using System.Security.Cryptography;

namespace Emulator.Machines;

/// <summary>The frame of a machine's snapshot: what it is of, its content, and a checksum over both.</summary>
internal static class SnapshotFile
{
    private const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Writes a snapshot.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="magic">Kind and version.</param>
    /// <param name="identity">What a machine must have in common with the one saved.</param>
    /// <param name="content">Writes the content.</param>
    public static void Write(Stream stream, ReadOnlySpan<byte> magic, ReadOnlySpan<byte> identity, Action<Stream> content)
    {
        using var hashing = new HashingStream(stream);
        hashing.Write(magic);
        hashing.Write(identity);
        content(hashing);
        stream.Write(hashing.Hash());
    }

    /// <summary>Checks everything that can be checked beforehand and leaves the stream at the content.</summary>
    /// <param name="stream">The snapshot; must be able to seek.</param>
    /// <param name="magic">Kind and version expected.</param>
    /// <param name="identity">What this machine is.</param>
    /// <param name="machine">How messages call the kind of machine: "a PC".</param>
    /// <returns>Null, or why the snapshot cannot be used.</returns>
    public static string? Check(Stream stream, ReadOnlySpan<byte> magic, ReadOnlySpan<byte> identity, string machine)
    {
        long start = stream.Position;
        long length = stream.Length - start - HashSize;
        if (length < magic.Length + identity.Length)
            return "the snapshot ends early";
        var head = new byte[magic.Length + identity.Length];
        stream.ReadExactly(head);
        if (!head.AsSpan(0, magic.Length).SequenceEqual(magic))
            return $"this is no snapshot of {machine}, or one of another version";

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
        if (!head.AsSpan(magic.Length).SequenceEqual(identity))
            return "the snapshot was taken on a machine with other memory or firmware";
        stream.Position = start + head.Length;
        return null;
    }
}
