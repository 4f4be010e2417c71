namespace Emulator.Machines.Tests;

/// <summary>Saves and loads single parts.</summary>
internal static class SnapshotProbe
{
    /// <summary>The bytes of a part's state.</summary>
    public static byte[] Save(ISnapshotPart part)
    {
        var stream = new MemoryStream();
        SnapshotStream.Writer(stream).Part(part);
        return stream.ToArray();
    }

    /// <summary>Loads a part's state; returns the problem, if there is one.</summary>
    public static string? Load(ISnapshotPart part, byte[] bytes)
    {
        var stream = SnapshotStream.Reader(new MemoryStream(bytes));
        stream.Part(part);
        return stream.Error;
    }
}
