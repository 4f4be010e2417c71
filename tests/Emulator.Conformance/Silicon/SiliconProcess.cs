using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Emulator.Conformance.Silicon;

/// <summary>The native harness: executes cases on the processor this runs on.</summary>
internal sealed class SiliconProcess : IDisposable
{
    private readonly Process _process;
    private readonly Stream _in;
    private readonly Stream _out;

    /// <summary>Starts the harness.</summary>
    /// <exception cref="InvalidDataException">It cannot run on this machine, or speaks another protocol.</exception>
    public SiliconProcess(string path)
    {
        _process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _in = new BufferedStream(_process.StandardInput.BaseStream, 1 << 20);
        _out = new BufferedStream(_process.StandardOutput.BaseStream, 1 << 20);
        SiliconHello hello = default;
        try
        {
            _out.ReadExactly(MemoryMarshal.AsBytes(new Span<SiliconHello>(ref hello)));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The silicon harness does not run here (it needs 32-bit processes and set_thread_area).", e);
        }

        if (hello.Magic != SiliconHello.ExpectedMagic)
            throw new InvalidDataException("The silicon harness speaks another version of the protocol.");
        Hello = hello;
    }

    /// <summary>Addresses and selectors that cases must use.</summary>
    public SiliconHello Hello { get; }

    /// <summary>Sends cases; their results must be read before more than one further batch is sent.</summary>
    public void Send(ReadOnlySpan<SiliconCase> cases)
    {
        int count = cases.Length;
        _in.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref count)));
        _in.Write(MemoryMarshal.AsBytes(cases));
        _in.Flush();
    }

    /// <summary>Reads the next result; returns the number of entries of <paramref name="changes"/> that were filled.</summary>
    public int Receive(out SiliconReply reply, SiliconChange[] changes)
    {
        reply = default;
        _out.ReadExactly(MemoryMarshal.AsBytes(new Span<SiliconReply>(ref reply)));
        _out.ReadExactly(MemoryMarshal.AsBytes(changes.AsSpan(0, reply.Changes)));
        return reply.Changes;
    }

    /// <summary>Ends the harness.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(2000))
            _process.Kill();
        _process.Dispose();
    }
}
