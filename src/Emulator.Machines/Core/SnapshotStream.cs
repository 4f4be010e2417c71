using System.Runtime.InteropServices;
using System.Text;

namespace Emulator.Machines;

/// <summary>One pass over a machine's state: the same calls write a snapshot or read one, so that the two can never differ.</summary>
/// <remarks>Numbers are little endian. A damaged snapshot never throws: the first problem is kept in <see cref="Error"/> and every later value reads as it stood.</remarks>
public sealed class SnapshotStream
{
    private readonly Stream _stream;

    private SnapshotStream(Stream stream, bool loading)
    {
        _stream = stream;
        IsLoading = loading;
    }

    /// <summary>True when values are read from the stream into the machine.</summary>
    public bool IsLoading { get; }

    /// <summary>The first problem met while loading, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>A pass that writes to <paramref name="stream"/>.</summary>
    public static SnapshotStream Writer(Stream stream) => new(stream, loading: false);

    /// <summary>A pass that reads from <paramref name="stream"/>.</summary>
    public static SnapshotStream Reader(Stream stream) => new(stream, loading: true);

    /// <summary>Transfers a primitive value or an enum.</summary>
    public void Value<T>(ref T value)
        where T : unmanaged
    {
        if (!IsLoading)
        {
            _stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
            return;
        }

        T read = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref read));
        if (!TryRead(bytes))
            return;
        if (typeof(T) == typeof(bool))
            bytes[0] = Math.Min(bytes[0], (byte)1); // a bool of another value behaves like none
        value = read;
    }

    /// <summary>Transfers a fixed number of primitive values.</summary>
    public void Values<T>(Span<T> values)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        if (IsLoading)
            TryRead(bytes);
        else
            _stream.Write(bytes);
    }

    /// <summary>Transfers a queue of at most <paramref name="limit"/> values.</summary>
    public void Queue<T>(Queue<T> queue, int limit = 1 << 20)
        where T : unmanaged
    {
        int count = queue.Count;
        Value(ref count);
        if (!IsLoading)
        {
            foreach (T item in queue)
            {
                T copy = item;
                Value(ref copy);
            }

            return;
        }

        if (count < 0 || count > limit)
        {
            Fail($"a queue of {count} entries (at most {limit} are possible)");
            return;
        }

        queue.Clear();
        for (int i = 0; i < count && Error is null; i++)
        {
            T item = default;
            Value(ref item);
            queue.Enqueue(item);
        }
    }

    /// <summary>Transfers one part, preceded by its name, which must match when loading.</summary>
    public void Part(ISnapshotPart part)
    {
        if (Error is not null)
            return;
        byte[] name = Encoding.UTF8.GetBytes(part.PartName);
        byte length = (byte)name.Length;
        Value(ref length);
        byte[] found = IsLoading ? new byte[length] : name;
        Values<byte>(found);
        if (IsLoading && Error is null && !found.AsSpan().SequenceEqual(name))
            Fail($"part '{part.PartName}' was expected, '{Encoding.UTF8.GetString(found)}' found: the snapshot was taken on another machine");
        if (Error is null)
            part.Transfer(this);
    }

    /// <summary>Records a problem; the first one is kept.</summary>
    public void Fail(string message) => Error ??= message;

    private bool TryRead(Span<byte> bytes)
    {
        if (Error is not null)
            return false;
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
            return true;
        Fail("the snapshot ends early");
        return false;
    }
}
