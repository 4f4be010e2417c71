namespace Emulator.Isa.Analysis;

/// <summary>How a body ends.</summary>
/// <param name="Ends">Must be the last of a block; see isa/README.md section 9.</param>
/// <param name="Jumps">Always says where execution goes on.</param>
internal readonly record struct BlockEnd(bool Ends, bool Jumps);
