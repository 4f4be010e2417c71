using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Moves a guest's state between the virtual CPU and the real machine: what the VMCS has a field for goes there, the rest are registers that VM entry and exit leave alone.</summary>
internal sealed unsafe class GuestState(VmxRoot root, X86State* guest)
{
    private const int Segments = 8, Ss = 2;
    private const int FirstChangedByTables = 6;
    private const uint Unusable = 1 << 16, RightsMask = 0xF0FF;

    // Bits of CR0 and CR4 that are the monitor's: CR0.NE and CR4.VMXE, which VMX operation keeps set, and CR0.NW and CD, which VM entry and exit leave as they are. The guest sees its own.
    private const uint NumericError = 1 << 5, NotWriteThrough = 1 << 29, CacheDisable = 1 << 30, VmxEnable = 1 << 13, Protection = 1, Paging = 1u << 31, OwnedCr0 = NumericError | NotWriteThrough | CacheDisable;
    private const uint BlockedByNmi = 8;

    private static readonly BitFields s_eflags = Named("EFLAGS"), s_cr0 = Named("CR0"), s_cr4 = Named("CR4"), s_efer = Named("EFER"), s_dr6 = Named("DR6"), s_dr7 = Named("DR7");

    /// <summary>What the VMCS holds, by field number (bits 9 to 1 of the encoding) within width and type.</summary>
    private readonly uint[] _held = new uint[1 << 15];
    private readonly bool[] _known = new bool[1 << 15];

    /// <summary>Writes the guest into the VMCS, as far as it is not there already.</summary>
    public void Load()
    {
        uint cr0 = Get(guest, s_cr0), cr4 = Get(guest, s_cr4);
        Hold(VmcsField.GuestCr0, (cr0 & ~OwnedCr0) | NumericError);
        Hold(VmcsField.Cr0Shadow, cr0);

        // A guest that is in VMX operation itself may not leave protected mode or paging: the virtual CPU tells it so.
        Hold(VmcsField.Cr0Mask, OwnedCr0 | (guest->VMX_MODE != 0 ? Protection | Paging : 0));
        Hold(VmcsField.GuestCr4, cr4 | VmxEnable);
        Hold(VmcsField.Cr4Shadow, cr4);
        Hold(VmcsField.Cr4Mask, VmxEnable);
        Hold(VmcsField.GuestCr3, guest->CR3);
        Hold(VmcsField.GuestEfer, Get(guest, s_efer));
        Hold(VmcsField.GuestDr7, Get(guest, s_dr7));
        Hold(VmcsField.GuestEip, guest->EIP);
        Hold(VmcsField.GuestEsp, guest->GPR[4]);
        Hold(VmcsField.GuestEflags, Get(guest, s_eflags));
        Hold(VmcsField.Interruptibility, guest->NMI_BLOCKED != 0 ? BlockedByNmi : 0);
        for (int i = 0; i < Segments; i++)
        {
            uint place = 2 * (uint)i;
            Hold(VmcsField.GuestSelectors + place, guest->SEG_sel[i]);
            Hold(VmcsField.GuestBases + place, guest->SEG_base[i]);
            Hold(VmcsField.GuestLimits + place, guest->SEG_limit[i]);
            Hold(VmcsField.GuestRights + place, Rights(i));
        }

        Hold(VmcsField.GuestGdtrBase, guest->GDTR_base);
        Hold(VmcsField.GuestGdtrLimit, guest->GDTR_limit);
        Hold(VmcsField.GuestIdtrBase, guest->IDTR_base);
        Hold(VmcsField.GuestIdtrLimit, guest->IDTR_limit);
        Hold(VmcsField.GuestSysenterCs, guest->SYSENTER_CS);
        Hold(VmcsField.GuestSysenterEsp, guest->SYSENTER_ESP);
        Hold(VmcsField.GuestSysenterEip, guest->SYSENTER_EIP);
        for (uint i = 0; i < 4; i++)
            Hold64(VmcsField.GuestPdpte0 + (2 * i), guest->PDPTE[(int)i]);
    }

    /// <summary>The rest: registers that are nobody's but the program's that runs. VMWRITE uses some of them, so this comes last.</summary>
    public void LoadRegisters()
    {
        X86State* r = (X86State*)root.Cpu.State;
        for (int i = 0; i < 8; i++)
            r->GPR[i] = guest->GPR[i];
        r->CR2 = guest->CR2;
        for (int i = 0; i < 4; i++)
            r->DR[i] = guest->DR[i];
        s_dr6.Write(r, Get(guest, s_dr6));
    }

    /// <summary>Takes over the guest after a VM exit. What exits instead of changing (descriptor tables and their registers, MSRs) is as it was.</summary>
    public void Store()
    {
        X86State* r = (X86State*)root.Cpu.State;
        for (int i = 0; i < 8; i++)
            guest->GPR[i] = r->GPR[i];
        guest->CR2 = r->CR2;
        for (int i = 0; i < 4; i++)
            guest->DR[i] = r->DR[i];
        s_dr6.Write(guest, Get(r, s_dr6));

        // VMREAD uses registers: nothing of the guest is left in them now.
        uint cr0 = Take(VmcsField.GuestCr0);
        s_cr0.Write(guest, (cr0 & ~OwnedCr0) | (_held[(int)VmcsField.Cr0Shadow] & OwnedCr0));
        s_cr4.Write(guest, (Take(VmcsField.GuestCr4) & ~VmxEnable) | (_held[(int)VmcsField.Cr4Shadow] & VmxEnable));
        guest->CR3 = Take(VmcsField.GuestCr3);
        s_dr7.Write(guest, Take(VmcsField.GuestDr7));
        guest->EIP = Take(VmcsField.GuestEip);
        guest->GPR[4] = Take(VmcsField.GuestEsp);
        s_eflags.Write(guest, Take(VmcsField.GuestEflags));
        uint blocked = Take(VmcsField.Interruptibility);
        guest->NMI_BLOCKED = (byte)(blocked >> 3 & 1);
        guest->shadow = (byte)(blocked & 1);
        guest->shadow_ss = (byte)(blocked >> 1 & 1);
        for (int i = 0; i < FirstChangedByTables; i++)
        {
            uint place = 2 * (uint)i;
            guest->SEG_sel[i] = (ushort)Take(VmcsField.GuestSelectors + place);
            guest->SEG_base[i] = Take(VmcsField.GuestBases + place);
            guest->SEG_limit[i] = Take(VmcsField.GuestLimits + place);
            SetRights(i, Take(VmcsField.GuestRights + place));
        }

        guest->CPL = (byte)(guest->CR0_PE == 0 ? 0 : guest->EFLAGS_VM != 0 ? 3 : guest->SEG_attr_DPL[Ss]);
        bool hasPointers = (guest->CR0_PG & guest->CR4_PAE) != 0;
        for (uint i = 0; i < 4; i++)
        {
            VmcsField field = VmcsField.GuestPdpte0 + (2 * i);
            if (hasPointers)
                guest->PDPTE[(int)i] = Take(field) | ((ulong)Take(field + 1) << 32);
            else
                _known[(int)field] = _known[(int)field + 1] = false; // saved as what the manual leaves open (SDM vol. 3, 27.3.4)
        }
    }

    /// <summary>Writes a field unless it holds the value.</summary>
    public void Hold(VmcsField field, uint value)
    {
        if (_known[(int)field] && _held[(int)field] == value)
            return;
        root.Write(field, value);
        (_held[(int)field], _known[(int)field]) = (value, true);
    }

    /// <summary>The same for a 64-bit field. Writing the low half clears the high one, so both are written.</summary>
    private void Hold64(VmcsField field, ulong value)
    {
        if (_known[(int)field] && _known[(int)field + 1] && _held[(int)field] == (uint)value && _held[(int)field + 1] == (uint)(value >> 32))
            return;
        root.Write64(field, value);
        (_held[(int)field], _held[(int)field + 1]) = ((uint)value, (uint)(value >> 32));
        _known[(int)field] = _known[(int)field + 1] = true;
    }

    private static BitFields Named(string name) => new(X86Metadata.Instance.States.First(state => state.Name == name));

    private static uint Get(X86State* s, BitFields state) => (uint)state.Read(s);

    private uint Take(VmcsField field)
    {
        _known[(int)field] = true;
        return _held[(int)field] = root.Read(field);
    }

    private uint Rights(int i) => guest->SEG_attr_P[i] == 0
        ? Unusable
        : guest->SEG_attr_TYPE[i] | ((uint)guest->SEG_attr_S[i] << 4) | ((uint)guest->SEG_attr_DPL[i] << 5) | (1u << 7) | ((uint)guest->SEG_attr_AVL[i] << 12)
            | ((uint)guest->SEG_attr_DB[i] << 14) | ((uint)guest->SEG_attr_G[i] << 15);

    private void SetRights(int i, uint rights)
    {
        if ((rights & Unusable) != 0)
            rights &= ~RightsMask;
        guest->SEG_attr_TYPE[i] = (byte)(rights & 15);
        guest->SEG_attr_S[i] = (byte)(rights >> 4 & 1);
        guest->SEG_attr_DPL[i] = (byte)(rights >> 5 & 3);
        guest->SEG_attr_P[i] = (byte)(rights >> 7 & 1);
        guest->SEG_attr_AVL[i] = (byte)(rights >> 12 & 1);
        guest->SEG_attr_DB[i] = (byte)(rights >> 14 & 1);
        guest->SEG_attr_G[i] = (byte)(rights >> 15 & 1);
    }
}
