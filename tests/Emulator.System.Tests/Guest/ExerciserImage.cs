using Iced.Intel;

namespace Emulator.System.Tests.Guest;

/// <summary>The multiboot image that runs a list of scenarios.</summary>
internal static class ExerciserImage
{
    /// <summary>Assembles it: the same bytes every time.</summary>
    public static byte[] Build(IReadOnlyList<Scenario> scenarios)
    {
        using var data = new MemoryStream();
        var tables = Append(data, Tables.Build());
        var pointers = Append(data, Pointer(Layout.Gdt, Layout.GdtSize), Pointer(Layout.Idt, 0x800));
        var entries = scenarios.SelectMany(scenario => Entry(data, scenario)).ToArray();
        var table = Append(data, Bytes(entries));

        using var image = new MemoryStream();
        image.Write(GuestMonitor.Header());
        Place(image, Layout.Entry, GuestMonitor.Entry);
        Place(image, Layout.NextScenario, c => GuestMonitor.NextScenario(c, (uint)scenarios.Count, table, tables, pointers));
        Place(image, Layout.StartScenario, GuestMonitor.StartScenario);
        Place(image, Layout.StartRegisters, GuestMonitor.StartRegisters);
        Place(image, Layout.EndScenario, GuestMonitor.EndScenario);
        Place(image, Layout.EndScenario + GuestMonitor.PutWordOffset, GuestMonitor.PutWord);
        Place(image, Layout.Handler, GuestMonitor.Handler);
        for (var vector = 0; vector < 256; vector++)
            Place(image, Layout.Stubs + ((uint)vector * Layout.StubSize), c => GuestMonitor.Stub(c, vector));
        Seek(image, Layout.ImageData);
        image.Write(data.ToArray());
        return image.ToArray();
    }

    private static uint[] Entry(MemoryStream data, Scenario scenario)
    {
        var patches = new List<uint>();
        foreach (var patch in scenario.Patches)
            patches.AddRange([patch.Address, (uint)patch.Length, patch.Bytes is { } bytes ? Append(data, bytes) : 0]);
        var dumps = scenario.Dumps.SelectMany(dump => new[] { dump.Address, (uint)dump.Words });
        return
        [
            (uint)scenario.Patches.Count, Append(data, Bytes(patches)), Append(data, Bytes([.. scenario.Actions, GuestMonitor.ActionEnd])),
            (uint)scenario.Dumps.Count, Append(data, Bytes(dumps)),
        ];
    }

    private static byte[] Pointer(uint address, uint size) => [.. BitConverter.GetBytes((ushort)(size - 1)), .. BitConverter.GetBytes(address), 0, 0];

    private static byte[] Bytes(IEnumerable<uint> words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static uint Append(MemoryStream data, params byte[][] parts)
    {
        var address = Layout.ImageData + (uint)data.Position;
        foreach (var part in parts)
            data.Write(part);
        while (data.Position % 4 != 0)
            data.WriteByte(0);
        return address;
    }

    private static void Place(MemoryStream image, uint address, Action<Assembler> body)
    {
        Seek(image, address);
        var assembler = new Assembler(32);
        body(assembler);
        assembler.Assemble(new StreamCodeWriter(image), address);
    }

    private static void Seek(MemoryStream image, uint address)
    {
        if (Layout.Image + image.Position > address)
            throw new InvalidOperationException($"The monitor's code reaches beyond {address:x}.");
        while (Layout.Image + image.Position < address)
            image.WriteByte(0);
    }
}
