namespace Emulator.Runtime.Tests.Toy;

/// <summary>A toy CPU with 256 KB of RAM, ports and a device at 0x100000, and an assembler for it.</summary>
internal sealed unsafe class ToyMachine : IDisposable
{
    public const ulong Device = 0x100000;

    public ToyMachine(int codeCacheSize = 1 << 20, Clock? clock = null)
    {
        Memory.AddRam(0, 0x40000);
        Memory.MapDevice(Device, 0x10, new DelegateDevice(
            (offset, size) => { Log.Add($"r{offset:x}.{size}@{Cpu!.Clock.Now}"); return (ulong)Cpu.Clock.Now; },
            (offset, size, value) => Log.Add($"w{offset:x}.{size}={value:x}@{Cpu!.Clock.Now}"),
            4));
        Ports.Map(0, 4, (_, _) => (ulong)Cpu!.Clock.Now, (_, _, value) => Log.Add($"out {value:x}@{Cpu!.Clock.Now}"), 4);
        Cpu = new Cpu<Toy>(new CpuOptions
        {
            Buses = new Dictionary<string, Bus> { ["mem"] = Memory, ["port"] = Ports },
            CodeCacheSize = codeCacheSize,
            Clock = clock ?? new Clock(),
        });
    }

    public PhysicalMemory Memory { get; } = new(32);

    public PortBus Ports { get; } = new();

    public Cpu<Toy> Cpu { get; }

    public List<string> Log { get; } = [];

    public ToyState* State => (ToyState*)Cpu.State;

    public static uint Op(ToyOp op, int a = 0, int b = 0, int c = 0) => (uint)op | (uint)(a & 0xFF) << 8 | (uint)(b & 0xFF) << 16 | (uint)(c & 0xFF) << 24;

    public static uint Branch(ToyOp op, int a, int distance) => Op(op, a, distance, distance >> 8);

    public ToyMachine Put(uint address, params ReadOnlySpan<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            Memory.Write(address + 4 * (uint)i, 4, words[i]);
        }

        return this;
    }

    public uint Word(uint address) => (uint)Memory.Read(address, 4);

    /// <summary>Maps every page of RAM and the device's to itself, present, writable and for users, through a table at 0x30000.</summary>
    public void EnablePaging()
    {
        for (uint page = 0; page < 0x101; page++)
        {
            Memory.Write(0x30000 + 4 * page, 4, page << 12 | 7);
        }

        State->PageTable = 0x30000;
        Cpu.FlushTranslations();
    }

    public void RaiseLine()
    {
        State->Line = 1;
        Cpu.StateChanged();
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
    }
}
