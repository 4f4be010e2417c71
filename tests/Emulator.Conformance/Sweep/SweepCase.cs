using System.Globalization;

namespace Emulator.Conformance.Sweep;

/// <summary>One encoding of the sweep: the coordinates it was made from, and its bytes.</summary>
internal struct SweepCase
{
    /// <summary>Bytes given to both decoders: the longest instruction, and some.</summary>
    public const int Size = 16;

    /// <summary>16 or 32.</summary>
    public int Bits;

    /// <summary>The prefixes, as written in lists of differences: <c>-</c>, <c>66</c>, <c>66 F2</c>.</summary>
    public string Prefix;

    /// <summary>The opcode; 0x0Fxx for the second map.</summary>
    public int Opcode;

    /// <summary>The byte behind the opcode, a ModRM byte if the opcode has one.</summary>
    public byte ModRm;

    /// <summary>The bytes.</summary>
    public byte[] Bytes;

    /// <summary>The opcode as in lists of differences: <c>8B</c>, <c>0F 01</c>.</summary>
    public readonly string OpcodeText => Opcode > 0xFF
        ? string.Create(CultureInfo.InvariantCulture, $"{Opcode >> 8:X2} {Opcode & 0xFF:X2}")
        : Opcode.ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>ModRM.reg.</summary>
    public readonly int Reg => ModRm >> 3 & 7;

    /// <summary>Whether ModRM names a register.</summary>
    public readonly bool IsRegister => ModRm >= 0xC0;
}
