namespace Emulator.Runtime.Assembly;

/// <summary>What became of an equation.</summary>
internal enum Outcome { Done, Impossible, Undecided }
