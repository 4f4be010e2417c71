using System.Buffers.Binary;
using Iced.Intel;
using Xunit;

namespace Emulator.Tour.Tests;

/// <summary>The image as a loader sees it.</summary>
public sealed class TourImageTests
{
    private const uint MultibootMagic = 0x1BADB002;
    private const uint AddressesGiven = 0x10000;

    private static readonly TourImage Image = TourImage.Build();

    [Fact]
    public void The_same_bytes_come_out_every_time()
    {
        Assert.Equal(Image.Bytes, TourImage.Build().Bytes);
    }

    [Fact]
    public void Multiboot_header_is_valid()
    {
        Assert.Equal(MultibootMagic, Word(0));
        Assert.Equal(AddressesGiven, Word(1));
        Assert.Equal(0u, unchecked(Word(0) + Word(1) + Word(2)));
        Assert.Equal(TourImage.LoadAddress, Word(3));
        Assert.Equal(TourImage.LoadAddress, Word(4));
        Assert.Equal(0u, Word(5));
        Assert.Equal(Image.ZeroEnd, Word(6));
        Assert.Equal(Image.EntryPoint, Word(7));
    }

    [Fact]
    public void Memory_to_clear_follows_the_image_and_fits_into_the_memory_required()
    {
        Assert.True(TourImage.LoadAddress + (uint)Image.Bytes.Length <= Image.ZeroEnd);
        Assert.True(Image.ZeroEnd < TourImage.MemoryRequired);
    }

    [Fact]
    public void Entry_decodes_to_the_first_instructions()
    {
        var offset = (int)(Image.EntryPoint - TourImage.LoadAddress);
        var decoder = Decoder.Create(32, Image.Bytes[offset..], Image.EntryPoint);
        Assert.Equal(Mnemonic.Cli, decoder.Decode().Mnemonic);
        Assert.Equal(Mnemonic.Cld, decoder.Decode().Mnemonic);
        var third = decoder.Decode();
        Assert.Equal(Mnemonic.Mov, third.Mnemonic);
        Assert.Equal(Register.ESP, third.Op0Register);
    }

    [Fact]
    public void Lines_fit_the_screen()
    {
        Assert.All(ExpectedOutput.Text.Split('\n'), line => Assert.True(line.Length < 80, line));
    }

    private static uint Word(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Image.Bytes.AsSpan(index * 4));
}
