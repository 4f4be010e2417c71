namespace Emulator.Isa.Semantics;

/// <summary>What an operand alternative denotes.</summary>
public enum OperandClass { Register, Value, Memory }
