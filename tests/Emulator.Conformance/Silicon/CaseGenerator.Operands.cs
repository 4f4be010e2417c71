using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>Contents of operands that must make sense: branch targets, selectors, bounds, equal comparands.</summary>
internal sealed partial class CaseGenerator
{
    private bool PrepareRegister(SiliconForm form, int rm, int reg)
    {
        switch (form.Mnemonic)
        {
            case Mnemonic.Jmp or Mnemonic.Call when form.Info.OperandSize == 32:
                if ((_fixed >> rm & 1) != 0)
                    return false;
                Fix(rm, Pad());
                break;
            case Mnemonic.Mov when form.Operands[0] == OpCodeOperandKind.seg_reg:
                SetLow16(rm, Selector(reg is not (2 or 3)));
                break;
            case Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw:
                SetLow16(rm, AnySelector());
                break;
            case Mnemonic.Cmpxchg when Chance(2) && form.OperandBytes > 1:
                _case.Gpr[rm] = _case.Gpr[Eax];
                break;
        }

        return true;
    }

    private bool PrepareMemory(SiliconForm form, uint address, int reg)
    {
        bool narrow = form.Info.OperandSize == 16;
        switch (form.Mnemonic)
        {
            case Mnemonic.Jmp or Mnemonic.Call when form.MemoryOnly:
                uint cs = Chance(8) ? 0x18u : _hello.Cs;
                Patch(address, narrow ? (uint)(ushort)_random.Next() | cs << 16 : Pad());
                if (!narrow)
                    Patch(address + 4, cs | (uint)_random.Next() << 16);
                break;
            case Mnemonic.Jmp or Mnemonic.Call when !narrow:
                Patch(address, Pad());
                break;
            case Mnemonic.Mov when form.Operands[0] == OpCodeOperandKind.seg_reg:
                Patch(address, Selector(reg is not (2 or 3)) | (uint)_random.Next() << 16);
                break;
            case Mnemonic.Les or Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lds or Mnemonic.Lss:
                uint selector = Selector(form.Mnemonic is not (Mnemonic.Lds or Mnemonic.Lss));
                Patch(address, narrow ? (uint)(ushort)_random.Next() | selector << 16 : (uint)_random.Next());
                if (!narrow)
                    Patch(address + 4, selector | (uint)_random.Next() << 16);
                break;
            case Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw:
                Patch(address, AnySelector() | (uint)_random.Next() << 16);
                break;
            case Mnemonic.Bound when !Chance(4):
                uint value = _case.Gpr[reg], low = value - (uint)_random.Below(4), high = value + (uint)_random.Below(4);
                Patch(address, narrow ? (low & 0xFFFF) | high << 16 : low);
                if (!narrow)
                    Patch(address + 4, high);
                break;
            case Mnemonic.Cmpxchg when Chance(2):
                Patch(address, _case.Gpr[Eax]);
                break;
            case Mnemonic.Cmpxchg8b when !Chance(3):
                Patch(address, _case.Gpr[Eax]);
                Patch(address + 4, _case.Gpr[Edx]);
                break;
            case Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc when !form.Info.IsGroup:
                // The register is a signed bit offset from the operand.
                int bit = narrow ? (short)_case.Gpr[reg] : (int)_case.Gpr[reg];
                return bit is >= -8 * (Margin - 8) and <= 8 * (Margin - 8);
        }

        return true;
    }

    private void SetLow16(int register, uint value) => _case.Gpr[register] = (_case.Gpr[register] & 0xFFFF0000) | value;

    private uint AnySelector() => _random.Below(6) switch
    {
        0 => (uint)_random.Below(4),
        1 => 0x18,
        2 => 0x08,
        3 => _hello.Cs,
        4 => _hello.Fs,
        _ => _hello.Ds,
    };

    // SDM vol. 2, SHLD/SHRD: a count beyond the operand's size leaves destination and flags undefined.
    private bool CountsAreDefined(SiliconForm form)
    {
        if (form.Mnemonic is not (Mnemonic.Shld or Mnemonic.Shrd) || form.Info.OperandSize != 16)
            return true;
        uint count = form.Operands[2] == OpCodeOperandKind.imm8 ? _case.Code[_case.Length - 1] : _case.Gpr[Ecx];
        return (count & 31) <= 16;
    }
}
