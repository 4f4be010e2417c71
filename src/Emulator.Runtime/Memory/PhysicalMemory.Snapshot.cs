namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    private const int Chunk = 4096;

    /// <summary>Saves the RAM; pages of zeros take one byte.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_mask);
        writer.Write(_ram.Count);
        foreach (var (address, memory) in _ram)
        {
            writer.Write(address);
            writer.Write((ulong)memory.Length);
            for (nuint offset = 0; offset < memory.Length; offset += Chunk)
            {
                var bytes = memory.AsSpan(offset, Chunk);
                var isZero = !bytes.ContainsAnyExcept((byte)0);
                writer.Write(isZero);
                if (!isZero)
                {
                    writer.Write(bytes);
                }
            }
        }
    }

    /// <summary>Restores the RAM. False when it is laid out differently.</summary>
    internal bool Restore(BinaryReader reader)
    {
        AddressMask = reader.ReadUInt64();
        if (reader.ReadInt32() != _ram.Count)
        {
            return false;
        }

        foreach (var (address, memory) in _ram)
        {
            if (reader.ReadUInt64() != address || reader.ReadUInt64() != memory.Length)
            {
                return false;
            }

            for (nuint offset = 0; offset < memory.Length; offset += Chunk)
            {
                var bytes = memory.AsSpan(offset, Chunk);
                if (reader.ReadBoolean())
                {
                    if (bytes.ContainsAnyExcept((byte)0))
                    {
                        bytes.Clear();
                    }
                }
                else
                {
                    reader.BaseStream.ReadExactly(bytes);
                }
            }
        }

        return true;
    }
}
