using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>Bytes of an instruction, with addresses solved so that memory operands lie in scratch memory.</summary>
internal sealed partial class CaseGenerator
{
    private static readonly byte[] FlatOverrides = [0x26, 0x2E, 0x36, 0x3E];
    private static readonly int[] ControlRegisters = [0, 2, 3, 4];
    private static readonly int[] DebugRegisters = [0, 1, 2, 3, 6, 7];

    // False: the random choices cannot be satisfied, try again.
    private bool Encode(SiliconForm form)
    {
        bool lea = form.Mnemonic == Mnemonic.Lea;
        bool memory = form.HasModRm && !form.RegisterOnly && (form.MemoryOnly || Chance(2));
        bool moffs = form.Operands.Contains(OpCodeOperandKind.mem_offs);
        EmitPrefixes(form, memory || moffs, lea);
        if (form.Info.Table == OpCodeTableKind.T0F)
            Byte(0x0F);
        int plus = form.PlusRegister ? _random.Below(8) : 0;
        Byte((int)form.Info.OpCode + plus);
        if (form.PlusRegister && form.UsesStack && form.Mnemonic == Mnemonic.Pop && plus == Esp && form.Info.OperandSize == 16)
            return false; // POP SP leaves a stack pointer of no use to the harness' signal handler on a later fault.
        if (form.HasModRm && !EncodeModRm(form, memory, lea))
            return false;
        foreach (OpCodeOperandKind kind in form.Operands)
            EncodeImmediate(form, kind);
        return _case.Length <= 15 && CountsAreDefined(form);
    }

    private void EmitPrefixes(SiliconForm form, bool memory, bool lea)
    {
        Span<byte> prefixes = stackalloc byte[5];
        int n = 0;
        bool readsSi = form.Operands.Contains(OpCodeOperandKind.seg_rSI), lods = readsSi && form.Operands.Length == 2 && form.Operands[0] is
            OpCodeOperandKind.al or OpCodeOperandKind.ax or OpCodeOperandKind.eax;
        bool xlat = form.Mnemonic == Mnemonic.Xlatb;
        if (form.Info.OperandSize == 16)
            prefixes[n++] = 0x66;
        if ((memory || readsSi || xlat) && !lea && Chance(6))
        {
            _usesFs = true;
            prefixes[n++] = 0x64;
            _address16 = (memory || (lods && !xlat)) && Chance(2);
            if (readsSi)
                Fix(Esi, _case.Gpr[Esi] - _hello.Scratch);
            if (xlat)
                Fix(Ebx, _case.Gpr[Ebx] - _hello.Scratch);
        }
        else if (lea && Chance(2))
        {
            _address16 = true;
        }
        else if (Chance(12) && form.Mnemonic != Mnemonic.Arpl)
        {
            // ARPL through CS: makers differ in whether it faults when there is nothing to write.
            prefixes[n++] = FlatOverrides[_random.Below(4)];
        }

        if (_address16 || form.Info.AddressSize == 16)
            prefixes[n++] = 0x67;
        if (form.IsString && (form.Info.CanUseRepPrefix || form.Info.CanUseRepnePrefix) && Chance(2))
            prefixes[n++] = form.Info.CanUseRepnePrefix && Chance(2) ? (byte)0xF2 : (byte)0xF3;
        bool control = form.Operands.Contains(OpCodeOperandKind.cr_reg);
        // AMD's VERW ignores LOCK.
        if (!control && !form.IsString && form.Mnemonic != Mnemonic.Verw && Chance(form.Info.CanUseLockPrefix ? 8 : 64))
            prefixes[n++] = 0xF0;
        _random.Shuffle(prefixes[..n]);
        foreach (byte prefix in prefixes[..n])
            Byte(prefix);
    }

    private bool EncodeModRm(SiliconForm form, bool memory, bool lea)
    {
        int reg = RegisterField(form);
        if (!memory)
        {
            int rm = _random.Below(8);
            Byte(0xC0 | reg << 3 | rm);
            return PrepareRegister(form, rm, reg);
        }

        if (lea)
        {
            EncodeAnyAddress(reg);
            return true;
        }

        uint address = Target();
        uint offset = _usesFs ? address - _hello.Scratch : address;
        if (!(_address16 ? EncodeAddress16(reg, offset) : EncodeAddress32(reg, offset)))
            return false;
        return PrepareMemory(form, address, reg);
    }

    private int RegisterField(SiliconForm form)
    {
        if (form.Info.IsGroup)
            return form.Info.GroupIndex;
        if (form.Operands.Contains(OpCodeOperandKind.cr_reg))
            return ControlRegisters[_random.Below(ControlRegisters.Length)];
        if (form.Operands.Contains(OpCodeOperandKind.dr_reg))
            return DebugRegisters[_random.Below(DebugRegisters.Length)];
        if (form.Operands.Contains(OpCodeOperandKind.seg_reg))
            return _random.Below(6);
        return _random.Below(8);
    }

    private bool EncodeAddress32(int reg, uint offset)
    {
        int mod = _random.Below(3), rm = _random.Below(8), sib = -1, shift = 0, index = -1, @base = rm;
        if (rm == 4)
        {
            sib = _random.Below(256);
            shift = sib >> 6;
            index = (sib >> 3 & 7) == 4 ? -1 : sib >> 3 & 7;
            @base = sib & 7;
        }

        bool absolute = mod == 0 && @base == 5;
        uint scaled = index < 0 ? 0 : _case.Gpr[index] << shift;
        uint displacement = mod == 1 ? (uint)(sbyte)_random.Next() : mod == 2 ? Value() : 0;
        if (absolute)
        {
            displacement = offset - scaled;
        }
        else if (index == @base || (_fixed >> @base & 1) != 0)
        {
            displacement = offset - scaled - _case.Gpr[@base];
            if (mod == 0 ? displacement != 0 : mod == 1 && displacement != (uint)(sbyte)displacement)
                return false;
        }
        else
        {
            Fix(@base, offset - scaled - displacement);
        }

        if (index >= 0)
            _fixed |= 1 << index;
        Byte(mod << 6 | reg << 3 | rm);
        if (sib >= 0)
            Byte(sib);
        Bytes(displacement, absolute || mod == 2 ? 4 : mod);
        return true;
    }

    private bool EncodeAddress16(int reg, uint offset)
    {
        int mod = _random.Below(3), rm = _random.Below(8);
        (int first, int second) = rm switch
        {
            0 => (Ebx, Esi),
            1 => (Ebx, Edi),
            2 => (Ebp, Esi),
            3 => (Ebp, Edi),
            4 => (Esi, -1),
            5 => (Edi, -1),
            6 => (mod == 0 ? -1 : Ebp, -1),
            _ => (Ebx, -1),
        };
        uint displacement = mod == 1 ? (uint)(sbyte)_random.Next() : mod == 2 ? (uint)_random.Next() & 0xFFFF : 0;
        if (first < 0)
        {
            displacement = offset;
        }
        else
        {
            if ((_fixed >> first & 1) != 0)
                return false;
            uint other = second < 0 ? 0 : _case.Gpr[second];
            Fix(first, (_case.Gpr[first] & 0xFFFF0000) | ((offset - other - displacement) & 0xFFFF));
            if (second >= 0)
                _fixed |= 1 << second;
        }

        Byte(mod << 6 | reg << 3 | rm);
        Bytes(displacement, first < 0 ? 2 : mod);
        return true;
    }

    private void EncodeAnyAddress(int reg)
    {
        int mod = _random.Below(3), rm = _random.Below(8);
        Byte(mod << 6 | reg << 3 | rm);
        if (_address16)
        {
            Bytes((uint)_random.Next(), mod == 0 && rm == 6 ? 2 : mod);
            return;
        }

        int @base = rm;
        if (rm == 4)
        {
            int sib = _random.Below(256);
            @base = sib & 7;
            Byte(sib);
        }

        Bytes((uint)_random.Next(), (mod == 0 && @base == 5) || mod == 2 ? 4 : mod);
    }

    private void EncodeImmediate(SiliconForm form, OpCodeOperandKind kind)
    {
        switch (kind)
        {
            case OpCodeOperandKind.imm8 when form.Mnemonic == Mnemonic.Int:
                // Vector 80h is a system call on the host.
                int vector = _random.Below(255);
                Byte(vector >= 0x80 ? vector + 1 : vector);
                break;
            case OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8sex16 or OpCodeOperandKind.imm8sex32:
                Byte((int)Value() & 255);
                break;
            case OpCodeOperandKind.imm16 when form.Mnemonic == Mnemonic.Enter:
                Bytes((uint)_random.Below(64), 2);
                break;
            case OpCodeOperandKind.imm16 when form.Mnemonic == Mnemonic.Retf:
                // Makers differ in whether the selector or the stack behind the arguments is looked at first: both lie in scratch memory.
                Bytes((uint)_random.Below(Margin), 2);
                break;
            case OpCodeOperandKind.imm16:
                Bytes(Value(), 2);
                break;
            case OpCodeOperandKind.imm32:
                Bytes(Value(), 4);
                break;
            case OpCodeOperandKind.br16_1 or OpCodeOperandKind.br32_1:
                Byte((int)(Pad() - (_hello.CodeEntry + _case.Length + 1)));
                break;
            case OpCodeOperandKind.br16_2:
                Bytes((uint)_random.Next(), 2);
                break;
            case OpCodeOperandKind.br32_4:
                Bytes(Pad() - (_hello.CodeEntry + _case.Length + 4), 4);
                break;
            case OpCodeOperandKind.farbr2_2:
                Bytes((uint)_random.Next(), 2);
                Bytes(Chance(8) ? 0x18u : _hello.Cs, 2);
                break;
            case OpCodeOperandKind.farbr4_2:
                Bytes(Pad(), 4);
                Bytes(Chance(8) ? 0x18u : _hello.Cs, 2);
                break;
            case OpCodeOperandKind.mem_offs:
                uint address = Target();
                Bytes(_usesFs ? address - _hello.Scratch : address, _address16 ? 2 : 4);
                break;
        }
    }
}
