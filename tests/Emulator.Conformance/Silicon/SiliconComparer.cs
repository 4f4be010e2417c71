using System.Globalization;
using System.Text;

namespace Emulator.Conformance.Silicon;

/// <summary>Runs cases on the CPU under test and says where it and the processor disagree.</summary>
internal sealed class SiliconComparer(SiliconHello hello)
{
    private const int PageFault = 14;
    private const uint FetchBit = 0x10;

    // Status flags, DF, ID: what a program at ring 3 can change and see.
    private const uint FlagsCompared = 0x00200CD5;
    private static readonly string[] Names = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
    private static readonly string[] Segments = ["ds", "es", "fs", "gs"];

    private readonly SiliconMachine _machine = new(hello);
    private readonly byte[] _initial = new byte[hello.ScratchSize];
    private readonly byte[] _expected = new byte[hello.ScratchSize];
    private readonly byte[] _actual = new byte[hello.ScratchSize];

    /// <summary>Index of the spec's form the last case was, or -1 when it did not decode.</summary>
    public int LastForm { get; private set; }

    /// <summary>Whether the last case completed without an exception on the processor.</summary>
    public bool LastCompleted { get; private set; }

    /// <summary>Runs a case; null when both agree, else what differs.</summary>
    public string? Run(SiliconForm form, in SiliconCase @case, in SiliconReply reply, ReadOnlySpan<SiliconChange> changes)
    {
        @case.FillScratch(_initial);
        _machine.Load(@case, _initial);
        int vector = _machine.Execute();
        LastForm = _machine.Cpu.LastFormIndex;

        // A transfer to an address that is not mapped has completed; the fetch there faults.
        int expected = reply.Vector == SiliconReply.NoVector || reply.IsFetchFault ? -1 : reply.Vector;
        bool silicon = expected >= 0;
        LastCompleted = !silicon;
        StringBuilder? text = null;
        if (vector != expected)
            Note(ref text, $"{Outcome(vector)}{(vector == PageFault ? $" at {_machine.Cpu.Get("cr2"):x8}" : "")}, not {Outcome(expected)}{(expected == PageFault ? $" at {reply.FaultAddress:x8} eip {reply.Eip:x8}" : "")}");
        else
            Compare(form, @case, reply, silicon, ref text);
        CompareMemory(form, @case, changes, silicon, ref text);
        return text?.Insert(0, Describe(form, @case)).ToString();
    }

    private void Compare(SiliconForm form, in SiliconCase @case, in SiliconReply reply, bool trapped, ref StringBuilder? text)
    {
        uint eip = _machine.Eip, eflags = _machine.Eflags, esp = _machine.Gpr(4);
        if (trapped)
        {
            uint error;
            (error, eip, eflags, esp) = _machine.TrapFrame();
            uint expected = reply.Vector == PageFault ? reply.ErrorCode & ~FetchBit : reply.ErrorCode;
            if (error != expected)
                Note(ref text, $"error code {error:x}, not {expected:x}");
        }

        if (eip != reply.Eip)
            Note(ref text, $"eip {eip:x8}, not {reply.Eip:x8}");
        uint mask = FlagsCompared & ~(trapped ? 0 : UndefinedResults.Flags(form, @case));
        if (((eflags ^ reply.Eflags) & mask) != 0)
            Note(ref text, $"flags {X86Recording.FlagNames(0, eflags & mask)}, not {X86Recording.FlagNames(0, reply.Eflags & mask)}");
        for (int i = 0; i < 8; i++)
        {
            uint actual = i == 4 ? esp : _machine.Gpr(i);
            if (actual != reply.Gpr[i])
                Note(ref text, $"{Names[i]} {actual:x8}, not {reply.Gpr[i]:x8}");
        }

        for (int i = 0; i < 4; i++)
        {
            ushort expected = i switch { 0 => reply.Ds, 1 => reply.Es, 2 => reply.Fs, _ => reply.Gs };
            if (_machine.Selector(i) != expected)
                Note(ref text, $"{Segments[i]} {_machine.Selector(i):x4}, not {expected:x4}");
        }
    }

    private void CompareMemory(SiliconForm form, in SiliconCase @case, ReadOnlySpan<SiliconChange> changes, bool trapped, ref StringBuilder? text)
    {
        _initial.CopyTo(_expected, 0);
        foreach (SiliconChange change in changes)
            _expected[change.Offset] = change.Value;
        _machine.ReadScratch(_actual);
        int open = trapped ? 0 : UndefinedResults.UnwrittenStackBytes(form);
        if (open != 0)
        {
            int slot = (int)(@case.Gpr[4] - 4 - hello.Scratch);
            _actual.AsSpan(slot + 4 - open, open).CopyTo(_expected.AsSpan(slot + 4 - open));
        }

        if (_actual.AsSpan().SequenceEqual(_expected))
            return;
        int at = _actual.AsSpan().CommonPrefixLength(_expected);
        Note(ref text, $"[{hello.Scratch + (uint)at:x8}] {_actual[at]:x2}, not {_expected[at]:x2}");
    }

    private static string Outcome(int vector) => vector >= 0 ? X86Recording.TrapName(vector) : "completed";

    private static string Describe(SiliconForm form, in SiliconCase @case)
    {
        var text = new StringBuilder();
        text.Append(form.Code).Append(" [").Append(Convert.ToHexStringLower(@case.Instruction)).Append(']');
        for (int i = 0; i < 8; i++)
            text.Append(CultureInfo.InvariantCulture, $" {Names[i]}={@case.Gpr[i]:x}");
        return text.Append(CultureInfo.InvariantCulture, $" eflags={@case.Eflags:x}: ").ToString();
    }

    private static void Note(ref StringBuilder? text, FormattableString difference) =>
        (text = text?.Append("; ") ?? new StringBuilder()).Append(difference.ToString(CultureInfo.InvariantCulture));
}
