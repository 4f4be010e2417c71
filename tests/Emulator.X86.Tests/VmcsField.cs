namespace Emulator.X86.Tests;

/// <summary>Encodings of VMCS fields (SDM vol. 3, appendix B) that tests use.</summary>
internal static class VmcsField
{
    public const uint Vpid = 0x0000, GuestSelectors = 0x0800, HostSelectors = 0x0C00;
    public const uint IoBitmapA = 0x2000, IoBitmapB = 0x2002, MsrBitmaps = 0x2004, ExitStoreList = 0x2006, ExitLoadList = 0x2008, EntryLoadList = 0x200A;
    public const uint TscOffset = 0x2010, EptPointer = 0x201A, GuestPhysical = 0x2400;
    public const uint Link = 0x2800, DebugCtl = 0x2802, GuestPat = 0x2804, GuestEfer = 0x2806, GuestPdptes = 0x280A, HostPat = 0x2C00, HostEfer = 0x2C02;
    public const uint Pin = 0x4000, Proc = 0x4002, Exceptions = 0x4004, PageFaultMask = 0x4006, PageFaultMatch = 0x4008, Cr3Targets = 0x400A;
    public const uint ExitControls = 0x400C, ExitStoreCount = 0x400E, ExitLoadCount = 0x4010, EntryControls = 0x4012, EntryLoadCount = 0x4014;
    public const uint EntryEvent = 0x4016, EntryError = 0x4018, EntryLength = 0x401A, Proc2 = 0x401E;
    public const uint InstructionError = 0x4400, Reason = 0x4402, Event = 0x4404, Error = 0x4406, Vectoring = 0x4408, VectoringError = 0x440A;
    public const uint Length = 0x440C, Information = 0x440E;
    public const uint GuestLimits = 0x4800, GdtrLimit = 0x4810, IdtrLimit = 0x4812, GuestRights = 0x4814, Interruptibility = 0x4824, Activity = 0x4826, SysenterCs = 0x482A;
    public const uint Cr0Mask = 0x6000, Cr4Mask = 0x6002, Cr0Shadow = 0x6004, Cr4Shadow = 0x6006, Cr3Target = 0x6008, Qualification = 0x6400, Linear = 0x640A;
    public const uint GuestCr0 = 0x6800, GuestCr3 = 0x6802, GuestCr4 = 0x6804, GuestBases = 0x6806, GdtrBase = 0x6816, IdtrBase = 0x6818, Dr7 = 0x681A;
    public const uint Esp = 0x681C, Eip = 0x681E, Eflags = 0x6820, PendingDebug = 0x6822;
    public const uint HostCr0 = 0x6C00, HostCr3 = 0x6C02, HostCr4 = 0x6C04, HostFsBase = 0x6C06, HostTrBase = 0x6C0A, HostEsp = 0x6C14, HostEip = 0x6C16;

    /// <summary>Position of a segment register in an array of fields.</summary>
    public const uint Es = 0, Cs = 2, Ss = 4, Ds = 6, Fs = 8, Gs = 10, Ldtr = 12, Tr = 14;
}
