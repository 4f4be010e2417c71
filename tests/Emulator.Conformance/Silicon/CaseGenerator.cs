using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>Makes random cases of a form that touch scratch memory only.</summary>
internal sealed partial class CaseGenerator(SiliconHello hello, ulong seed)
{
    private const int Eax = 0, Ecx = 1, Edx = 2, Ebx = 3, Esp = 4, Ebp = 5, Esi = 6, Edi = 7;

    // Room on both sides of every operand, so that what reaches beyond it (bit tests, string steps) stays in scratch memory.
    private const int Margin = 64;

    // Status flags and DF.
    private const uint StartFlags = 0x0CD5;

    private readonly SiliconHello _hello = hello;
    private SplitMix _random = new(seed);
    private SiliconCase _case;
    private int _patches;

    // Registers whose value the instruction's own rules fixed; an address may not be solved for them.
    private int _fixed;

    private bool _usesFs, _address16;

    /// <summary>The next case of a form.</summary>
    public SiliconCase Next(SiliconForm form)
    {
        for (; ; )
        {
            _case = default;
            _patches = 0;
            _fixed = 0;
            _usesFs = _address16 = false;
            for (int i = 0; i < SiliconCase.Patches; i++)
                _case.PatchOffset[i] = SiliconCase.NoPatch;
            for (int i = 0; i < 8; i++)
                _case.Gpr[i] = Value();
            _case.Eflags = (uint)_random.Next() & StartFlags;
            _case.Seed = (uint)_random.Next() | 1;
            if (form.UsesStack)
                Fix(Esp, _hello.Scratch + 384 + (uint)_random.Below(256));
            Prepare(form);
            if (Encode(form))
                return _case;
        }
    }

    // A value likely to matter: anything, a small number, or a corner.
    private uint Value()
    {
        uint r = (uint)_random.Next();
        return (_random.Below(8)) switch
        {
            0 => r & 0xFF,
            1 => (uint)(sbyte)r,
            2 => Corners[r % (uint)Corners.Length],
            3 => 1u << (int)(r & 31),
            4 => r & 0xFFFF,
            _ => r,
        };
    }

    private static readonly uint[] Corners =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x99, 0x9A, 0x0F, 0xF0,
    ];

    private bool Chance(int outOf) => _random.Below(outOf) == 0;

    private void Fix(int register, uint value)
    {
        _case.Gpr[register] = value;
        _fixed |= 1 << register;
    }

    private void Patch(uint address, uint value)
    {
        uint offset = address - _hello.Scratch;
        if (_patches == SiliconCase.Patches || offset > _hello.ScratchSize - 4)
            return;
        _case.PatchOffset[_patches] = (ushort)offset;
        _case.PatchValue[_patches++] = value;
    }

    private void Byte(int value) => _case.Code[_case.Length++] = (byte)value;

    private void Bytes(uint value, int count)
    {
        for (int i = 0; i < count; i++)
            Byte((int)(value >> (8 * i)));
    }

    // An address with room around it, relative to the segment in use.
    private uint Target() => _hello.Scratch + Margin + (uint)_random.Below((int)_hello.ScratchSize - 2 * Margin - 8);

    private uint Pad() => Chance(2) ? _hello.PadAhead : _hello.PadBack;

    // Selectors that load: null and the process' own; the last one raises #GP, its descriptor is the kernel's.
    private uint Selector(bool nullAllowed) => _random.Below(8) switch
    {
        0 or 1 when nullAllowed => (uint)_random.Below(4),
        2 => 0x18,
        3 => 0x08,
        _ => _hello.Ds,
    };
}
