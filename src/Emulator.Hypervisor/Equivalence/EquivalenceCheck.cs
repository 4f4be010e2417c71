using System.Globalization;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>
/// Popek and Goldberg's equivalence, tried out: guests of random code run in lockstep on the bare machine and under the monitor, and after every few instructions registers, memory and what
/// was said to devices must agree. A difference is cut down to the shortest run of instructions that shows it.
/// </summary>
internal sealed class EquivalenceCheck<TIsa>(IRandomGuest<TIsa> guest, CriticalPolicy policy, PagingPolicy paging, int seed) : IDisposable
    where TIsa : struct, IIsa
{
    private const int Chunk = 64;
    private const int StreamLength = 4096;

    private readonly EquivalenceMachine<TIsa> _bare = new(guest, null, default), _hosted = new(guest, policy, paging);
    private long _instructions;
    private long _streams;

    /// <summary>Runs random guests until so many instructions were compared or one differs.</summary>
    public EquivalenceResult Run(long instructions, CancellationToken cancellation)
    {
        EquivalenceFailure? failure = null;
        while (_instructions < instructions && failure is null)
        {
            cancellation.ThrowIfCancellationRequested();
            int stream = unchecked((seed * 1_000_003) + (int)_streams++);
            Start(stream);
            if (Differs(Chunk, StreamLength, out int ran))
            {
                string[] differences = [.. _bare.Differences(_hosted)];
                failure = Shrink(stream) ?? new EquivalenceFailure(stream, ran, [], [$"within the last {Chunk} of {ran} instructions, but not when they are run one by one", .. differences]);
            }

            _instructions += ran;
        }

        return new EquivalenceResult(_instructions, _streams, _hosted.Monitor!.Statistics, failure);
    }

    public void Dispose()
    {
        _bare.Dispose();
        _hosted.Dispose();
    }

    private void Start(int stream)
    {
        _bare.Start(new Random(stream));
        _hosted.Start(new Random(stream));
    }

    /// <summary>Runs both until they differ, the guest ends, or the length is reached.</summary>
    private bool Differs(int chunk, int length, out int ran)
    {
        for (ran = 0; ran < length;)
        {
            RunResult expected = _bare.Cpu.Run(chunk), actual = _hosted.Cpu.Run(chunk);
            ran += (int)Math.Max(expected.Instructions, 1);
            if (expected != actual || !_bare.Same(_hosted))
                return true;
            if (expected.Reason != RunReason.Budget)
                return false;
        }

        return false;
    }

    /// <summary>Finds the instruction after which they differ, then the latest state of the bare machine from which both still come to differ.</summary>
    private EquivalenceFailure? Shrink(int stream)
    {
        Start(stream);
        if (!Differs(1, StreamLength, out int end))
            return null;
        for (int length = 1; length < end; length *= 2)
        {
            if (Reproduce(stream, end - length, length) is { } failure)
                return failure;
        }

        return Reproduce(stream, 0, end);
    }

    private EquivalenceFailure? Reproduce(int stream, int from, int length)
    {
        Start(stream);
        if (from > 0)
            _bare.Cpu.Run(from);
        using var snapshot = new MemoryStream();
        using (var writer = new BinaryWriter(snapshot, System.Text.Encoding.UTF8, leaveOpen: true))
            _bare.Cpu.Save(writer);
        _bare.Restore(snapshot, _bare);
        _hosted.Restore(snapshot, _bare);
        var listing = new List<string>();
        for (int i = 0; i < length; i++)
        {
            listing.Add(Describe());
            RunResult expected = _bare.Cpu.Run(1), actual = _hosted.Cpu.Run(1);
            if (expected != actual || !_bare.Same(_hosted))
                return new EquivalenceFailure(stream, from, listing, [.. _bare.Differences(_hosted)]);
        }

        return null;
    }

    private string Describe()
    {
        ulong pc = _bare.Cpu.Pc;
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)_bare.Memory.Read(pc + (ulong)i, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{pc:x8}: {guest.Disassemble(_bare.Cpu, bytes)}");
    }
}
