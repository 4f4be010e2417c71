namespace Emulator.Isa.Decoding.Tests;

/// <summary>A generated decoder, behind an interface the tests know.</summary>
public interface IDecoderProbe
{
    /// <summary>Sets the initial value of an axis.</summary>
    void SetMode(string axis, byte value);

    /// <summary>Sets the mode from a state structure.</summary>
    void SetMode(byte[] state);

    /// <summary>What the generated decoder returns.</summary>
    int Decode(ReadOnlySpan<byte> bytes, ulong pc);

    int Form { get; }

    int Variant { get; }

    uint RejectTrap { get; }

    ulong RejectA { get; }

    /// <summary>The last instruction, boxed.</summary>
    object Instruction { get; }

    /// <summary>Decodes instruction after instruction of a buffer; returns how many.</summary>
    int DecodeAll(ReadOnlySpan<byte> bytes);
}
