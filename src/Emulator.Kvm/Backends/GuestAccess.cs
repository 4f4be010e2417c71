namespace Emulator.Kvm;

/// <summary>An access the client must carry out.</summary>
/// <param name="Kind">Port or memory.</param>
/// <param name="IsWrite">Whether the guest supplies the data.</param>
/// <param name="Address">Port number or physical address.</param>
/// <param name="Size">Bytes, 1 to 8, all in one page.</param>
/// <param name="Data">The data, lowest address first; 0 for a read that was not answered yet.</param>
public readonly record struct GuestAccess(AccessKind Kind, bool IsWrite, ulong Address, int Size, ulong Data);
