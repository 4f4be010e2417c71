using System.Buffers.Binary;
using System.Text;

namespace Emulator.Machines.Tests.Loaders;

/// <summary>Raw, ELF and multiboot images: what is loaded where, and what is said about images that cannot be.</summary>
public sealed class LoaderTests
{
    private static readonly RamMap Ram = new([new RamRange(0, RamMap.ConventionalEnd), new RamRange(RamMap.ExtendedStart, 4 << 20)]);

    [Fact]
    public void Elf_segments_go_to_their_physical_addresses()
    {
        byte[] file = ElfBytes.Executable(0x100000, 0x2000, 1, 2, 3);
        ElfBytes.U32(file, ElfBytes.HeaderSize + 8, 0xC0100000); // linked high, loaded low
        ElfBytes.U32(file, 24, 0xC0100001);
        BootImage image = Load(file).Value!;
        LoadSegment segment = Assert.Single(image.Segments);
        Assert.Equal((0x100000ul, 0x2000ul), (segment.Address, segment.MemorySize));
        Assert.Equal([1, 2, 3], segment.Content.ToArray());
        Assert.Equal(new CpuEntry(0x100001, 0, 0), image.Entry);
    }

    [Theory]
    [InlineData(4, 2, "EI_CLASS", "-m32")]
    [InlineData(5, 2, "EI_DATA", "i386")]
    [InlineData(18, 62, "e_machine", "i386")]
    [InlineData(16, 3, "e_type", "-static")]
    [InlineData(29, 0x80, "e_phoff", "damaged")]
    [InlineData(44, 0, "program headers", "link")]
    [InlineData(ElfBytes.HeaderSize + 7, 0x7F, "program header 0", "damaged")]
    [InlineData(ElfBytes.HeaderSize + 15, 0x7F, "program header 0", "memory")]
    [InlineData(ElfBytes.HeaderSize + 19, 0x7F, "program header 0", "damaged")]
    [InlineData(ElfBytes.HeaderSize + 20, 0x01, "program header 0", "damaged")]
    public void Elf_errors_name_file_place_and_remedy(int offset, byte value, string place, string remedy)
    {
        byte[] file = ElfBytes.Executable(0x100000, 3, 1, 2, 3);
        file[offset] = value;
        ImageError error = Load(file).Error!;
        Assert.Equal("kernel", error.File);
        Assert.Contains(place, error.Place);
        Assert.Contains(remedy, error.Remedy);
    }

    [Fact]
    public void Multiboot_kernels_get_their_information_block()
    {
        byte[] kernel = ElfBytes.Multiboot(0x100000, 0x103000, 0xF4);
        var module = new ImageFile("module", new byte[] { 7, 8, 9 });
        BootImage image = KernelLoader.Load(new ImageFile("kernel", kernel), "root=none", [(module, "first")], Ram).Value!;
        Assert.Equal(0x100020u, image.Entry.Eip);
        Assert.Equal(MultibootLoader.BootMagic, image.Entry.Eax);
        Assert.Equal((0x100000ul, 0x3000ul), (image.Segments[0].Address, image.Segments[0].MemorySize));
        Assert.Equal(0x103000ul, image.Segments[1].Address);

        LoadSegment block = image.Segments[^1];
        Assert.Equal(image.Entry.Ebx, (uint)block.Address);
        Assert.Equal(0x124Du, At(block, 0)); // memory, command line, modules, map, loader name, frame buffer
        Assert.Equal(639u, At(block, 4));
        Assert.Equal(3072u, At(block, 8));
        Assert.Equal("root=none", Text(block, At(block, 16)));
        Assert.Equal(1u, At(block, 20));
        uint modules = At(block, 24) - (uint)block.Address;
        Assert.Equal((0x103000u, 0x103003u), (At(block, (int)modules), At(block, (int)modules + 4)));
        Assert.Equal("first", Text(block, At(block, (int)modules + 8)));

        // The memory map begins with conventional memory.
        int map = (int)(At(block, 48) - (uint)block.Address);
        Assert.Equal([20u, 0u, 0u, RamMap.ConventionalEnd, 0u, 1u], Enumerable.Range(0, 6).Select(i => At(block, map + (4 * i))));
    }

    [Theory]
    [InlineData(4, 0x08, "flags", "clear")] // requires a feature nobody knows
    [InlineData(15, 0x7F, "load_addr", "linked")]
    [InlineData(23, 0x7F, "load_end_addr", "wrong")]
    [InlineData(25, 0x00, "bss_end_addr", "0")]
    [InlineData(27, 0x7F, "RAM", "memory")]
    public void Multiboot_errors_name_file_place_and_remedy(int offset, byte value, string problem, string remedy)
    {
        byte[] kernel = ElfBytes.Multiboot(0x100000, 0x103000, 0xF4);
        kernel[offset] = value;
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(kernel.AsSpan(4));
        ElfBytes.U32(kernel, 8, unchecked(0u - 0x1BADB002 - flags));
        if (offset == 15)
            ElfBytes.U32(kernel, 16, 0x80000000);
        ImageError error = Load(kernel).Error!;
        Assert.Equal("kernel", error.File);
        Assert.Contains("multiboot header at 0x0", error.Place);
        Assert.Contains(problem, error.Place + error.Problem);
        Assert.Contains(remedy, error.Remedy);
    }

    [Fact]
    public void Raw_images_need_an_address_in_ram()
    {
        BootImage image = KernelLoader.LoadRaw(new ImageFile("raw", new byte[] { 0xF4 }), 0x7C00, Ram).Value!;
        Assert.Equal(new CpuEntry(0x7C00, 0, 0), image.Entry);
        Assert.Contains("RAM", KernelLoader.LoadRaw(new ImageFile("raw", new byte[0x20000]), 0x90000, Ram).Error!.Problem);
        Assert.Contains("address", Load([1, 2, 3]).Error!.Remedy);
    }

    [Fact]
    public void Modules_are_for_multiboot_kernels()
    {
        var module = new ImageFile("module", new byte[] { 1 });
        ImageError error = KernelLoader.Load(new ImageFile("kernel", ElfBytes.Executable(0x100000, 1, 0xF4)), "", [(module, "")], Ram).Error!;
        Assert.Equal("module", error.File);
    }

    /// <summary>Mutated and cut images end in an image that fits into RAM, or in an error; the seed is fixed.</summary>
    [Fact]
    public void Hostile_images_never_throw_and_never_leave_ram()
    {
        var random = new Random(2);
        byte[][] seeds =
        [
            ElfBytes.Executable(0x100000, 0x2000, new byte[64]), ElfBytes.Multiboot(0x100000, 0x103000, new byte[64]),
            [.. ElfBytes.Multiboot(0, 0, 0), .. ElfBytes.Executable(0x100000, 0x2000, new byte[64])],
        ];
        int loaded = 0, refused = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] file = (byte[])seeds[round % seeds.Length].Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
                Mutate(file, random);
            if (random.Next(4) == 0)
                file = file[..random.Next(1, file.Length)];
            Loaded<BootImage> result = Load(file);
            if (result.Value is { } image)
            {
                loaded++;
                Assert.All(image.Segments, s => Assert.True(Ram.Contains(s.Address, s.MemorySize) && (ulong)s.Content.Length <= s.MemorySize));
            }
            else
            {
                refused++;
                Assert.NotEmpty(result.Error!.Remedy);
            }
        }

        Assert.True(loaded > 1000 && refused > 1000, $"{loaded} loaded, {refused} refused");
    }

    private static void Mutate(byte[] file, Random random)
    {
        int at = random.Next(Math.Min(file.Length, 96));
        switch (random.Next(3))
        {
            case 0:
                file[at] = (byte)random.Next(256);
                break;
            case 1:
                uint[] edges = [0, 1, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue, 0x9FC00, 0x100000, (uint)file.Length];
                if (at + 4 <= file.Length)
                    ElfBytes.U32(file, at & ~3, edges[random.Next(edges.Length)]);
                break;
            default:
                // Keep the multiboot checksum right, so that mutated flags are looked at.
                ElfBytes.U32(file, 8, unchecked(0u - BinaryPrimitives.ReadUInt32LittleEndian(file) - BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4))));
                break;
        }
    }

    private static Loaded<BootImage> Load(byte[] file) => KernelLoader.Load(new ImageFile("kernel", file), "", [], Ram);

    private static uint At(LoadSegment segment, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(segment.Content.Span[offset..]);

    private static string Text(LoadSegment segment, uint address)
    {
        ReadOnlySpan<byte> rest = segment.Content.Span[(int)(address - (uint)segment.Address)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
