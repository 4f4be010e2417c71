using System.Buffers.Binary;

namespace Emulator.Testing;

/// <summary>Conveniences over <see cref="ITestCpu"/>.</summary>
public static class TestCpuExtensions
{
    /// <summary>Value of the register called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ulong Get(this ITestCpu cpu, string name) => cpu.ReadRegister(cpu.Require(name));

    /// <summary>Writes the register called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static void Set(this ITestCpu cpu, string name, ulong value) => cpu.WriteRegister(cpu.Require(name), value);

    /// <summary>Identity of the register called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static int Require(this ITestCpu cpu, string name)
    {
        int register = cpu.FindRegister(name);
        return register >= 0 ? register : throw new ArgumentException($"The CPU has no register '{name}'.", nameof(name));
    }

    /// <summary>A little-endian value of 1 to 8 bytes in physical memory.</summary>
    public static ulong ReadValue(this ITestCpu cpu, ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        cpu.ReadMemory(address, bytes[..size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
