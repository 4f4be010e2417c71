namespace Emulator.Machines;

/// <summary>The state in which a kernel starts: 32-bit protected mode, flat segments of 4 GB, paging and interrupts off (Multiboot Specification 0.6.96, section 3.2).</summary>
/// <param name="Eip">Address of the first instruction.</param>
/// <param name="Eax">Value of EAX.</param>
/// <param name="Ebx">Value of EBX.</param>
public sealed record CpuEntry(uint Eip, uint Eax, uint Ebx);
