using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>Registers and memory that a mnemonic needs to be sensible.</summary>
internal sealed partial class CaseGenerator
{
    private void Prepare(SiliconForm form)
    {
        uint esp = _case.Gpr[Esp];
        switch (form.Mnemonic)
        {
            case Mnemonic.Enter:
                Fix(Esp, _hello.Scratch + 560 + (uint)_random.Below(64));
                Fix(Ebp, _hello.Scratch + 256 + (uint)_random.Below(512));
                break;
            case Mnemonic.Leave:
                Fix(Ebp, Target());
                break;
            case Mnemonic.Xlatb:
                // [EBX + AL]: 255 bytes of reach.
                Fix(Ebx, _hello.Scratch + Margin + (uint)_random.Below((int)_hello.ScratchSize - 2 * Margin - 256));
                break;
            case Mnemonic.Ret:
                Patch(esp, Pad());
                break;
            case Mnemonic.Retf or Mnemonic.Iret or Mnemonic.Iretd:
                FarFrame(form, esp);
                break;
            case Mnemonic.Popf or Mnemonic.Popfd:
                Patch(esp, FlagImage());
                break;
            case Mnemonic.Pop when form.Operands is [OpCodeOperandKind.ss] or [OpCodeOperandKind.ds]:
                Patch(esp, Selector(nullAllowed: false));
                break;
            case Mnemonic.Pop when form.Operands is [OpCodeOperandKind.es] or [OpCodeOperandKind.fs] or [OpCodeOperandKind.gs]:
                Patch(esp, Selector(nullAllowed: true));
                break;
            case Mnemonic.Div or Mnemonic.Idiv when !Chance(4):
                SmallDividend(form);
                break;
            case Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc:
                for (int i = 0; i < 8; i++)
                    _case.Gpr[i] = Chance(2) ? (uint)(_random.Below(512) - 256) : _case.Gpr[i];
                break;
        }

        if (form.IsString)
            PrepareString(form);
    }

    // Bits a program at ring 3 may ask for without leaving the test: no TF, NT, AC or VM. IF and IOPL are asked for, and ignored.
    private uint FlagImage() => ((uint)_random.Next() & 0x00203ED5) | 2;

    private void FarFrame(SiliconForm form, uint esp)
    {
        uint cs = Chance(8) ? 0x18u : _hello.Cs;
        if (form.Info.OperandSize == 16)
        {
            Patch(esp, (uint)(ushort)_random.Next() | cs << 16);
            Patch(esp + 4, FlagImage());
            return;
        }

        Patch(esp, Pad());
        Patch(esp + 4, cs | (uint)_random.Next() << 16);
        Patch(esp + 8, FlagImage());
    }

    // Half of random dividends overflow; these mostly do not.
    private void SmallDividend(SiliconForm form)
    {
        bool signed = form.Mnemonic == Mnemonic.Idiv;
        uint eax = _case.Gpr[Eax];
        switch (form.OperandBytes)
        {
            case 1:
                Fix(Eax, (eax & 0xFFFF0000) | (signed ? (ushort)(sbyte)eax : (eax & 0xFF) | (uint)_random.Below(4) << 8));
                break;
            case 2:
                Fix(Edx, signed ? (uint)(ushort)((short)eax >> 15) : (uint)_random.Below(4));
                break;
            default:
                Fix(Edx, signed ? (uint)((int)eax >> 31) : (uint)_random.Below(16));
                break;
        }
    }

    private void PrepareString(SiliconForm form)
    {
        uint span = (uint)_hello.ScratchSize - 512;
        Fix(Esi, _hello.Scratch + 256 + (uint)_random.Below((int)span));
        Fix(Edi, Chance(4) ? _case.Gpr[Esi] : _hello.Scratch + 256 + (uint)_random.Below((int)span));
        // Makers differ in whether a count of zero saves a port access from its permission check.
        bool port = form.Mnemonic is Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd or Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd;
        Fix(Ecx, (uint)_random.Below(16) + (port ? 1u : 0));
        if (form.Mnemonic is Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd && Chance(2))
        {
            // Some elements that match, so that REPE runs on.
            uint eax = _case.Gpr[Eax], value = form.OperandBytes switch { 1 => (eax & 255) * 0x01010101, 2 => (eax & 0xFFFF) * 0x10001, _ => eax };
            uint at = _case.Gpr[Edi];
            for (int i = 0; i < 3; i++)
                Patch((_case.Eflags & 0x400) != 0 ? at - (uint)(4 * i) : at + (uint)(4 * i), value);
        }
    }
}
