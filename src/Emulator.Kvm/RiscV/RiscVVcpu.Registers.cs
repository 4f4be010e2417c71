namespace Emulator.Kvm;

internal sealed unsafe partial class RiscVVcpu
{
    private const string Get = "KVM_GET_ONE_REG", Set = "KVM_SET_ONE_REG";
    private const ulong SingleBox = 0xFFFF_FFFF_0000_0000;
    private const int Registers = 32;

    // Numbers of the control and status registers, in the order of struct kvm_riscv_csr; sip is another matter.
    private static readonly int[] s_csrs = [0x100, 0x104, 0x105, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0x106];

    private readonly RiscVConfiguration _configuration;

    private ulong Word => _backend.Xlen == 64 ? KvmRiscV.SizeU64 : KvmRiscV.SizeU32;

    /// <inheritdoc/>
    public override ulong GetOneReg(ulong id)
    {
        lock (Sync)
        {
            TakeInOutside();
            var (type, number) = Decode(id, Get);
            var value = type switch
            {
                KvmRiscV.Config => GetConfig(number),
                KvmRiscV.Core => number == KvmRiscV.Mode ? _backend.IsUser ? KvmRiscV.ModeU : KvmRiscV.ModeS : number == KvmRiscV.Pc ? _backend.Pc : _backend.ReadX((int)number),
                KvmRiscV.Csr => number == KvmRiscV.Sip ? _backend.Pending : _backend.ReadCsr(s_csrs[number]),
                KvmRiscV.Timer => GetTimer(number),
                KvmRiscV.FpF or KvmRiscV.FpD => number == KvmRiscV.Fcsr ? _backend.Fcsr : type == KvmRiscV.FpF ? (uint)_backend.ReadF((int)number) : _backend.ReadF((int)number),
                KvmRiscV.IsaExt => GetMany(number, i => _configuration.Has((KvmRiscVIsaExt)i)),
                _ => GetMany(number, i => _configuration.IsOn((KvmRiscVSbiExt)i)),
            };
            return KvmOneReg.SizeOf(id) == sizeof(uint) ? (uint)value : value;
        }
    }

    /// <inheritdoc/>
    public override void SetOneReg(ulong id, ulong value)
    {
        lock (Sync)
        {
            TakeInOutside();
            var (type, number) = Decode(id, Set);
            if (KvmOneReg.SizeOf(id) == sizeof(uint))
                value = (uint)value;
            switch (type)
            {
                case KvmRiscV.Config:
                    SetConfig(number, value);
                    break;
                case KvmRiscV.Core when number == KvmRiscV.Mode:
                    _backend.IsUser = value != KvmRiscV.ModeS;
                    break;
                case KvmRiscV.Core when number == KvmRiscV.Pc:
                    _backend.Pc = value;
                    break;
                case KvmRiscV.Core:
                    _backend.WriteX((int)number, value);
                    break;
                case KvmRiscV.Csr when number == KvmRiscV.Sip:
                    _backend.Pending = value;
                    break;
                case KvmRiscV.Csr:
                    _backend.WriteCsr(s_csrs[number], value);
                    break;
                case KvmRiscV.Timer:
                    SetTimer(number, value);
                    break;
                case KvmRiscV.FpF or KvmRiscV.FpD when number == KvmRiscV.Fcsr:
                    _backend.Fcsr = (uint)value;
                    break;
                case KvmRiscV.FpF:
                    _backend.WriteF((int)number, SingleBox | value);
                    break;
                case KvmRiscV.FpD:
                    _backend.WriteF((int)number, value);
                    break;
                case KvmRiscV.IsaExt:
                    SetIsa(number, value);
                    break;
                default:
                    SetSbi(number, value);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override int GetRegList(Span<ulong> ids)
    {
        var list = new List<ulong>();
        void Add(ulong size, ulong type, params ReadOnlySpan<ulong> numbers)
        {
            foreach (var number in numbers)
                list.Add(KvmRiscV.Arch | size | type | number);
        }

        Add(Word, KvmRiscV.Config, KvmRiscV.Isa, KvmRiscV.MVendorId, KvmRiscV.MArchId, KvmRiscV.MImpId, KvmRiscV.SatpMode);
        for (ulong i = 0; i < Registers; i++)
            Add(Word, KvmRiscV.Core, i);
        Add(Word, KvmRiscV.Core, KvmRiscV.Mode);
        for (ulong i = 0; i < (ulong)s_csrs.Length; i++)
            Add(Word, KvmRiscV.Csr, i);
        Add(KvmRiscV.SizeU64, KvmRiscV.Timer, KvmRiscV.TimerFrequency, KvmRiscV.TimerTime, KvmRiscV.TimerCompare, KvmRiscV.TimerState);
        foreach (var (type, size, has) in ((ulong, ulong, bool)[])[(KvmRiscV.FpF, KvmRiscV.SizeU32, _configuration.Has(KvmRiscVIsaExt.F)), (KvmRiscV.FpD, KvmRiscV.SizeU64, _configuration.Has(KvmRiscVIsaExt.D))])
        {
            for (ulong i = 0; has && i < Registers; i++)
                Add(size, type, i);
            if (has)
                Add(KvmRiscV.SizeU32, type, KvmRiscV.Fcsr);
        }

        foreach (var extension in Enum.GetValues<KvmRiscVIsaExt>())
        {
            if (_configuration.Has(extension))
                Add(Word, KvmRiscV.IsaExt, (ulong)extension);
        }

        foreach (var extension in Enum.GetValues<KvmRiscVSbiExt>())
        {
            if (RiscVConfiguration.Exists(extension))
                Add(Word, KvmRiscV.SbiExt, (ulong)extension);
        }

        if (ids.Length >= list.Count)
            list.CopyTo(ids);
        return list.Count;
    }

    private static KvmException NoRegister(string call, ulong id) => new(Errno.ENOENT, call, $"there is no register 0x{id:x}", "use the ids of KVM_GET_REG_LIST");

    /// <summary>Type and number of an id. EINVAL where size or type is wrong, ENOENT where there is no such register.</summary>
    private (ulong Type, ulong Number) Decode(ulong id, string call)
    {
        var type = id & KvmRiscV.TypeMask;
        var number = id & ~(KvmRiscV.ArchMask | KvmRiscV.SizeMask | KvmRiscV.TypeMask);
        var size = type switch
        {
            KvmRiscV.Timer => KvmRiscV.SizeU64,
            KvmRiscV.FpF => KvmRiscV.SizeU32,
            KvmRiscV.FpD => number == KvmRiscV.Fcsr ? KvmRiscV.SizeU32 : KvmRiscV.SizeU64,
            >= KvmRiscV.Config and <= KvmRiscV.SbiExt => Word,
            _ => ulong.MaxValue,
        };
        if ((id & KvmRiscV.ArchMask & ~KvmRiscV.SizeMask) != KvmRiscV.Arch || (id & KvmRiscV.SizeMask) != size)
            throw new KvmException(Errno.EINVAL, call, $"0x{id:x} is no id of RISC-V, or has the size of another register", "use the ids of KVM_GET_REG_LIST");
        var exists = type switch
        {
            KvmRiscV.Config => number is KvmRiscV.Isa or KvmRiscV.MVendorId or KvmRiscV.MArchId or KvmRiscV.MImpId or KvmRiscV.SatpMode,
            KvmRiscV.Core => number <= KvmRiscV.Mode,
            KvmRiscV.Csr => number < (ulong)s_csrs.Length,
            KvmRiscV.Timer => number <= KvmRiscV.TimerState,
            KvmRiscV.FpF => number <= KvmRiscV.Fcsr && _configuration.Has(KvmRiscVIsaExt.F),
            KvmRiscV.FpD => number <= KvmRiscV.Fcsr && _configuration.Has(KvmRiscVIsaExt.D),
            KvmRiscV.IsaExt => IsWord(number) || _configuration.Has((KvmRiscVIsaExt)number),
            _ => IsWord(number) || RiscVConfiguration.Exists((KvmRiscVSbiExt)number),
        };
        return exists ? (type, number) : throw NoRegister(call, id);
    }

    /// <summary>Whether a number is that of the only word of extensions, to be switched on or off.</summary>
    private static bool IsWord(ulong number) => number is KvmRiscV.MultiEnable or KvmRiscV.MultiDisable;

    private ulong GetConfig(ulong number) => number switch
    {
        KvmRiscV.Isa => _configuration.Isa,
        KvmRiscV.MVendorId => _configuration.VendorId,
        KvmRiscV.MArchId => _configuration.ArchitectureId,
        KvmRiscV.MImpId => _configuration.ImplementationId,
        _ => _configuration.SatpMode,
    };

    private void SetConfig(ulong number, ulong value)
    {
        if (GetConfig(number) == value)
            return;
        if (number is KvmRiscV.Isa or KvmRiscV.SatpMode)
            throw new KvmException(Errno.EINVAL, Set, "what the hart can do is fixed", "set what KVM_GET_ONE_REG gives");
        CheckNotRun();
        switch (number)
        {
            case KvmRiscV.MVendorId:
                _configuration.VendorId = value;
                break;
            case KvmRiscV.MArchId:
                _configuration.ArchitectureId = value;
                break;
            default:
                _configuration.ImplementationId = value;
                break;
        }
    }

    private ulong GetTimer(ulong number) => number switch
    {
        KvmRiscV.TimerFrequency => RiscVMachine.Frequency,
        KvmRiscV.TimerTime => _machine.Time,
        KvmRiscV.TimerCompare => _timer.Compare,
        _ => _timer.IsOn ? KvmRiscV.TimerOn : KvmRiscV.TimerOff,
    };

    private void SetTimer(ulong number, ulong value)
    {
        switch (number)
        {
            case KvmRiscV.TimerFrequency:
                if (value != RiscVMachine.Frequency)
                    throw new KvmException(Errno.EINVAL, Set, "the frequency is fixed", $"set {RiscVMachine.Frequency}");
                break;
            case KvmRiscV.TimerTime:
                _machine.Time = value;
                break;
            case KvmRiscV.TimerCompare:
                _timer.Compare = value;
                break;
            default:
                _timer.IsOn = value == KvmRiscV.TimerOn;
                break;
        }
    }

    /// <summary>One extension, or a word of them; what is not on is set in the word of those that are off.</summary>
    private static ulong GetMany(ulong number, Func<int, bool> isOn)
    {
        if (!IsWord(number))
            return isOn((int)number) ? 1ul : 0;
        var word = 0ul;
        for (var i = 0; i <= (int)KvmRiscVIsaExt.Zifencei; i++)
            word |= isOn(i) ? 1ul << i : 0;
        return number == KvmRiscV.MultiEnable ? word : ~word;
    }

    private void SetIsa(ulong number, ulong value)
    {
        // Nothing can be switched off; a word of many takes what it can, as in the kernel.
        if (!IsWord(number) && value != 1)
            throw new KvmException(Errno.EINVAL, Set, $"{(KvmRiscVIsaExt)number} cannot be switched off", "leave it on");
    }

    private void SetSbi(ulong number, ulong value)
    {
        CheckNotRun();
        if (IsWord(number))
        {
            for (var i = 0; i < _configuration.SbiCount; i++)
            {
                if ((value >> i & 1) != 0)
                    _configuration.Switch((KvmRiscVSbiExt)i, number == KvmRiscV.MultiEnable);
            }
        }
        else if (value <= 1)
        {
            _configuration.Switch((KvmRiscVSbiExt)number, value == 1);
        }
        else
        {
            throw new KvmException(Errno.EINVAL, Set, $"{value} is neither on nor off", "set 1 or 0");
        }
    }

    private void CheckNotRun()
    {
        if (HasRun)
            throw new KvmException(Errno.EBUSY, Set, "the vCPU has run", "set it before the first KVM_RUN");
    }
}
