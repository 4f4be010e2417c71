using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>arm.s in QEMU's user mode. There is no linker for it in the distribution's base: the executable is one segment behind a header written here.</summary>
internal sealed class ArmProgram : IDisposable
{
    private const ulong Base = 0x400000;
    private const int Header = 64 + 56;

    private readonly string _folder = Directory.CreateTempSubdirectory("arm").FullName;
    private readonly Process _process;

    /// <summary>The programs needed (Debian: qemu-user, llvm).</summary>
    public static readonly string[] Programs = ["qemu-aarch64", "llvm-mc", "llvm-objcopy"];

    /// <summary>Assembles and starts it.</summary>
    public ArmProgram()
    {
        string path = Path.Combine(_folder, "arm");
        File.WriteAllBytes(path, Executable(Assemble(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "FloatingPoint", "arm.s")))));
        Run("chmod", "u+x", path);
        _process = Process.Start(new ProcessStartInfo("qemu-aarch64", path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Executes one or two instructions on every case.</summary>
    public void Execute(string instructions, FloatCase[] cases, ArmReply[] replies)
    {
        byte[] code = Assemble(instructions + "\nnop\n");
        Span<uint> header = [BinaryPrimitives.ReadUInt32LittleEndian(code), BinaryPrimitives.ReadUInt32LittleEndian(code.AsSpan(4)), (uint)cases.Length, 0];
        Stream to = _process.StandardInput.BaseStream;
        to.Write(MemoryMarshal.AsBytes(header));
        to.Write(MemoryMarshal.AsBytes<FloatCase>(cases));
        to.Flush();
        _process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(replies.AsSpan()));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[] Assemble(string source)
    {
        string file = Path.Combine(_folder, "source.s");
        File.WriteAllText(file, source);
        Run("llvm-mc", "-triple=aarch64", "-filetype=obj", file, "-o", file + ".o");
        Run("llvm-objcopy", "-O", "binary", file + ".o", file + ".bin");
        return File.ReadAllBytes(file + ".bin");
    }

    /// <summary>An ELF file (64 bits, little-endian, AArch64) with one segment, readable, writable and executable, of four megabytes.</summary>
    private static byte[] Executable(byte[] code)
    {
        byte[] file = new byte[Header + code.Length];
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 183);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), Base + Header);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        Span<byte> segment = file.AsSpan(64);
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 7);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], Base);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], Base);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], 4 << 20);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
        code.CopyTo(file, Header);
        return file;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
