namespace Emulator.Runtime.Assembly;

/// <summary>The values prefixes give the variables they set, and the fewest prefix bytes that do.</summary>
/// <param name="Bytes">The prefixes.</param>
/// <param name="Values">One value per variable of <see cref="AssemblyGrammar.PrefixVariables"/>.</param>
internal sealed record PrefixState(byte[] Bytes, UInt128[] Values);
