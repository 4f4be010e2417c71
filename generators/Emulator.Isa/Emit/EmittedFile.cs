namespace Emulator.Isa.Emit;

/// <summary>A generated file.</summary>
/// <param name="Name">File name, unique within a model: <c>X86.Decoder.cs</c>.</param>
/// <param name="Text">C#; line ends are "\n".</param>
public sealed record EmittedFile(string Name, string Text);
