using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_one_reg</c> (16 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmOneReg
{
    private const int SizeShift = 52;

    public ulong Id;

    /// <summary>Where the value is, or is to be: as many bytes as the id says.</summary>
    public void* Addr;

    /// <summary>Bytes of the register with an id (1 to 2048).</summary>
    public static int SizeOf(ulong id) => 1 << (int)((id >> SizeShift) & 0xF);

    internal static ulong Load(ulong id, void* addr)
    {
        var value = KvmIoctl.NotNull<byte>(addr, "KVM_SET_ONE_REG");
        return SizeOf(id) switch
        {
            sizeof(uint) => *(uint*)value,
            sizeof(ulong) => *(ulong*)value,
            _ => 0, // no register has such an id, as the call that follows says
        };
    }

    internal static void Store(ulong id, void* addr, ulong value)
    {
        var place = KvmIoctl.NotNull<byte>(addr, "KVM_GET_ONE_REG");
        if (SizeOf(id) == sizeof(uint))
            *(uint*)place = (uint)value;
        else
            *(ulong*)place = value;
    }
}
