namespace Emulator.Runtime;

/// <summary>A separately stored piece of a state: a scalar, an array, a bit field or a field of a record.</summary>
/// <param name="Name">Name within the state; empty for a plain scalar or array.</param>
/// <param name="Width">Bits of one element.</param>
/// <param name="Offset">Byte offset of the first element in the state structure.</param>
/// <param name="Stride">Bytes from one element to the next.</param>
/// <param name="Size">Bytes one element is stored in: 1, 2, 4, 8 or 16.</param>
/// <param name="Low">For a bit field, its lowest bit in the whole state; otherwise 0.</param>
public sealed record AtomInfo(string Name, int Width, int Offset, int Stride, int Size, int Low = 0);
