using System.Security.Cryptography;

namespace Emulator.Runtime;

public sealed unsafe partial class Cpu<TIsa>
{
    private const uint SnapshotMagic = 0x31534345;

    /// <summary>Saves registers, RAM, instruction count and time; between runs only. Devices and scheduled events are the machine's to save.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="withMemory">False leaves out the RAM, for the second and further CPUs that share it.</param>
    public void Save(BinaryWriter writer, bool withMemory = true)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Settle();
        writer.Write(SnapshotMagic);
        writer.Write(TIsa.Name);
        writer.Write(TIsa.StateSize);
        writer.Write(Instructions);
        writer.Write(_skipped);
        writer.Write(Clock.Now);
        writer.Write(new ReadOnlySpan<byte>(State, TIsa.StateSize));
        var memories = withMemory ? PhysicalMemories() : [];
        writer.Write(memories.Count);
        foreach (var memory in memories)
        {
            memory.Save(writer);
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote for a CPU of the same ISA with the same RAM.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="withMemory">What <see cref="Save"/> was told.</param>
    /// <returns>False when the data is of something else or cut short; the CPU must then be reset or restored again.</returns>
    public bool Restore(BinaryReader reader, bool withMemory = true)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            if (reader.ReadUInt32() != SnapshotMagic || reader.ReadString() != TIsa.Name || reader.ReadInt32() != TIsa.StateSize)
            {
                return false;
            }

            var instructions = reader.ReadInt64();
            _skipped = reader.ReadInt64();
            Clock.SetWall(reader.ReadInt64());
            reader.BaseStream.ReadExactly(new Span<byte>(State, TIsa.StateSize));
            State->ContextId = Context.Id;
            State->Remaining = 0;
            State->StopRequested = 0;
            _instructionsAtZero = instructions;
            BindTables(State, bound: true);
            Engine.Restart();
            FlushTranslations();
            var memories = withMemory ? PhysicalMemories() : [];
            if (reader.ReadInt32() != memories.Count || !memories.TrueForAll(memory => memory.Restore(reader)))
            {
                return false;
            }

            DropCode();
            StateChanged();
            return true;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return false;
        }
    }

    /// <summary>SHA-256 over registers, RAM, instruction count and time, in hexadecimal: equal for equal machines, whatever the host.</summary>
    /// <param name="withMemory">False leaves out the RAM, for the second and further CPUs that share it.</param>
    public string HashState(bool withMemory = true)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(Instructions));
        hash.AppendData(BitConverter.GetBytes(_skipped));
        Settle();
        using (var copy = new NativeBlock((nuint)TIsa.StateSize))
        {
            // The header and the table pointers hold host addresses.
            new ReadOnlySpan<byte>(State, TIsa.StateSize).CopyTo(copy.AsSpan(0, TIsa.StateSize));
            var state = (CpuHeader*)copy.Pointer;
            BindTables(state, bound: false);
            TIsa.ClearScratch(state);
            *state = default;
            hash.AppendData(copy.AsSpan(0, TIsa.StateSize));
        }

        foreach (var memory in withMemory ? PhysicalMemories() : [])
        {
            foreach (var (address, ram) in memory.Ram)
            {
                hash.AppendData(BitConverter.GetBytes(address));
                for (nuint offset = 0; offset < ram.Length; offset += 1 << 20)
                {
                    hash.AppendData(ram.AsSpan(offset, (int)Math.Min(ram.Length - offset, 1 << 20)));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private List<PhysicalMemory> PhysicalMemories() => [.. Context.Buses.OfType<PhysicalMemory>().Distinct()];
}
