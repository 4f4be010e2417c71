namespace Emulator.Conformance.Moo;

/// <summary>A state in a vector: the registers given and memory bytes.</summary>
/// <param name="Mask">Bit i set: register i of <see cref="MooFile.RegisterNames"/> is given.</param>
/// <param name="Registers">Values of all registers; those not given are 0.</param>
/// <param name="Memory">Physical addresses and bytes.</param>
internal sealed record MooState(ushort Mask, ushort[] Registers, (uint Address, byte Value)[] Memory);
