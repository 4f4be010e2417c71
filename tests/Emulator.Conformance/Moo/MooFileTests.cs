namespace Emulator.Conformance.Moo;

/// <summary>The reader of vectors.</summary>
public sealed class MooFileTests
{
    private static readonly byte[] Sample =
    [
        .. "MOO "u8, 12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. "C286"u8,
        .. "TEST"u8, 0, 0, 0, 0, 7, 0, 0, 0,
        .. "NAME"u8, 7, 0, 0, 0, 3, 0, 0, 0, .. "hlt"u8,
        .. "BYTS"u8, 6, 0, 0, 0, 2, 0, 0, 0, 0x90, 0xF4,
        .. "INIT"u8, 29, 0, 0, 0, .. "REGS"u8, 4, 0, 0, 0, 1, 0, 0x34, 0x12, .. "RAM "u8, 9, 0, 0, 0, 1, 0, 0, 0, 0x78, 0x56, 0, 0, 0x90,
        .. "FINA"u8, 12, 0, 0, 0, .. "REGS"u8, 4, 0, 0, 0, 0, 0x20, 0x02, 0,
    ];

    /// <summary>Nested chunks, masks and memory bytes arrive.</summary>
    [Fact]
    public void Reads_a_test()
    {
        byte[] data = [.. Sample];
        int body = data.Length - 20 - 8;
        data[24] = (byte)body;
        MooTest test = Assert.Single(MooFile.Parse(data, "sample"));
        Assert.Equal(7u, test.Index);
        Assert.Equal("hlt", test.Name);
        Assert.Equal([0x90], test.Instruction.ToArray());
        Assert.Equal(0x1234, test.Initial.Registers[0]);
        Assert.Equal((0x5678u, (byte)0x90), Assert.Single(test.Initial.Memory));
        Assert.Equal(0x2000, test.Final.Mask);
        Assert.Equal(2, test.Final.Registers[13]);
        Assert.Null(test.Exception);
    }

    /// <summary>A file that is cut short is an error, not a shorter set.</summary>
    [Fact]
    public void Refuses_a_file_cut_short() =>
        Assert.Throws<InvalidDataException>(() => MooFile.Parse(Sample.AsSpan(0, 20), "sample"));
}
