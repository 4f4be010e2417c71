using System.Text;
using Iced.Intel;

namespace Emulator.Machines.Tests.Pc;

/// <summary>Small guests written in Iced's assembler, and the machines they run on.</summary>
internal sealed class Guest : IDisposable
{
    /// <summary>Where raw kernels are loaded; an even megabyte, so that they stay where they are while A20 is off.</summary>
    public const uint Origin = 0x200000;

    /// <summary>Where the interrupt handler of a raw kernel stands.</summary>
    public const uint Handler = Origin + HandlerOffset;

    private const int HandlerOffset = 0x800;

    private readonly StringBuilder _output = new();
    private readonly List<long> _instructions = [];

    private Guest(Func<PcBuilder> configure)
    {
        PcBuilder builder = configure();
        builder.DebugConsole = b =>
        {
            _output.Append((char)b);
            _instructions.Add(Machine!.Instructions);
        };
        Machine = builder.Build().Value!;
    }

    public PcMachine Machine { get; }

    /// <summary>What the guest wrote to a debug console.</summary>
    public string Output => _output.ToString();

    /// <summary>Instructions executed when the guest had written a text.</summary>
    public long Reached(string text) => _instructions[Output.IndexOf(text, StringComparison.Ordinal) + text.Length - 1];

    /// <summary>A guest in flat 32-bit protected mode without firmware, with an interrupt handler if it has one.</summary>
    public static Guest Kernel(Action<Assembler> emit, Action<PcBuilder>? configure = null, Action<Assembler>? handler = null) => new(() =>
    {
        byte[] image = Assemble(32, Origin, emit);
        if (handler is not null)
        {
            Array.Resize(ref image, HandlerOffset);
            image = [.. image, .. Assemble(32, Handler, handler)];
        }

        var builder = new PcBuilder { Kernel = new ImageFile("guest", image), RawAddress = Origin };
        configure?.Invoke(builder);
        return builder;
    });

    /// <summary>A guest that is a firmware of 64 KB: entered at F000:0000 in real mode after every reset.</summary>
    public static Guest Firmware(Action<Assembler> emit, Action<PcBuilder>? configure = null) => new(() =>
    {
        var rom = new byte[0x10000];
        Assemble(16, 0, emit).CopyTo(rom, 0);
        new byte[] { 0xEA, 0x00, 0x00, 0x00, 0xF0 }.CopyTo(rom, 0xFFF0); // jmp F000:0000
        var builder = new PcBuilder { Firmware = new ImageFile("guest", rom) };
        configure?.Invoke(builder);
        return builder;
    });

    /// <summary>Any machine.</summary>
    public static Guest Of(PcBuilder builder) => new(() => builder);

    /// <summary>Assembles code.</summary>
    public static byte[] Assemble(int bits, uint origin, Action<Assembler> emit)
    {
        var code = new Assembler(bits);
        emit(code);
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), origin);
        return stream.ToArray();
    }

    public PcRun Run(long instructions = 10_000_000) => Machine.Run(instructions);

    public void Dispose() => Machine.Dispose();
}
