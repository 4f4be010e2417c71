using Emulator.System.Tests.Guest;

namespace Emulator.System.Tests.Results;

/// <summary>What the monitor found when an exception or interrupt reached it.</summary>
internal sealed record EventRecord(uint[] Words)
{
    private static readonly string[] Exceptions =
    [
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#09", "#TS", "#NP", "#SS", "#GP", "#PF", "#15", "#MF", "#AC", "#MC",
    ];

    private const uint ResumeFlag = 0x10000;

    private static readonly HashSet<uint> Coded = [8, 10, 11, 12, 13, 14, 17];

    private static readonly (int Bit, string Name)[] FlagNames =
        [(8, "TF"), (9, "IF"), (10, "DF"), (14, "NT"), (16, "RF"), (17, "VM"), (18, "AC"), (19, "VIF"), (20, "VIP"), (21, "ID")];

    private static readonly (uint Top, string Name)[] Stacks =
    [
        (Layout.Stack0, "stack0"), (Layout.Stack3, "stack3"), (Layout.Inner0, "inner0"), (Layout.Inner1, "inner1"), (Layout.Inner2, "inner2"),
        (Layout.TaskStack, "task"), (Layout.Stack16Top, "stack16"),
    ];

    /// <summary>The exception and its error code, such as <c>#GP(0048)</c>.</summary>
    public string Name
    {
        get
        {
            var vector = Words[Variables.Vector];
            var name = vector < Exceptions.Length ? Exceptions[vector] : $"int {vector:x2}";
            return Coded.Contains(vector) ? $"{name}({Words[Variables.Error]:x4})" : name;
        }
    }

    /// <summary>Where it happened: a name the scenario gave, or the offset.</summary>
    public string Place(Scenario scenario)
    {
        var eip = Words[Variables.Eip];
        if (scenario.Marks.TryGetValue(eip, out var mark))
            return "@" + mark;
        return eip is >= Layout.Code32 and < Layout.PageTables ? $"@+{eip - Layout.Code32:x}" : $"@{eip:x}";
    }

    /// <summary>The whole event in one line: only what differs from the state every scenario starts in.</summary>
    /// <param name="scenario">The scenario it happened in.</param>
    /// <param name="showResume">Shows RF in the flags the handler found.</param>
    public string Describe(Scenario scenario, bool showResume = true)
    {
        var virtualMode = (Words[Variables.Flags] & 0x20000) != 0;
        var parts = new List<string> { Name, Place(scenario), $"cs={Words[Variables.Cs] & 0xFFFF:x4}" };
        parts.Add($"{Words[Variables.Ss] & 0xFFFF:x4}:{StackName(Words[Variables.Esp])}");
        var handlerStack = $"{Words[Variables.HandlerSs]:x4}:{StackName(Words[Variables.HandlerEsp])}";
        parts.Add($"on {handlerStack}");
        parts.Add("fl=" + Flags(Words[Variables.Flags] & (showResume ? ~0u : ~ResumeFlag)));
        if ((Words[Variables.HandlerFlags] & 0x3FF700 & ~0x3000u) != 0)
            parts.Add("handler-fl=" + Flags(Words[Variables.HandlerFlags]));
        (int Word, string Name, uint Usual)[] words =
        [
            (Variables.Ds, "ds", virtualMode ? 0x4000u : 0x10), (Variables.Es, "es", virtualMode ? 0x1111u : 0x10),
            (Variables.Fs, "fs", virtualMode ? 0x2222u : 0x10), (Variables.Gs, "gs", virtualMode ? 0x3333u : 0x10),
            (Variables.Cr0, "cr0", 0x11), (Variables.Dr6, "dr6", 0xFFFF0FF0), (Variables.Dr7, "dr7", 0x400),
            (Variables.Tr, "tr", Selectors.Tss), (Variables.Ldtr, "ldtr", Selectors.Ldt),
            (Variables.Eax, "eax", Variables.InitialRegisters[0]), (Variables.Ecx, "ecx", Variables.InitialRegisters[1]),
            (Variables.Edx, "edx", Variables.InitialRegisters[2]), (Variables.Ebx, "ebx", Variables.InitialRegisters[3]),
            (Variables.Ebp, "ebp", Variables.InitialRegisters[5]), (Variables.Esi, "esi", Variables.InitialRegisters[6]),
            (Variables.Edi, "edi", Variables.InitialRegisters[7]),
        ];
        parts.AddRange(words.Where(word => Words[word.Word] != word.Usual).Select(word => $"{word.Name}={Words[word.Word]:x}"));
        if (Words[Variables.Vector] == 14)
            parts.Add($"cr2={Words[Variables.Cr2]:x}");
        return string.Join(' ', parts);
    }

    private static string Flags(uint flags)
    {
        var names = FlagNames.Where(flag => (flags & (1u << flag.Bit)) != 0).Select(flag => flag.Name).ToList();
        if ((flags & 0x3000) != 0)
            names.Add($"IOPL{(flags >> 12) & 3}");
        if ((flags & 0xFFC0802A) != 2)
            names.Add($"reserved:{flags & 0xFFC0802A:x}");
        return names.Count == 0 ? "-" : string.Join('+', names);
    }

    private static string StackName(uint esp)
    {
        foreach (var (top, name) in Stacks)
        {
            if (esp <= top && top - esp < 0x100)
                return esp == top ? name : $"{name}-{top - esp:x}";
        }

        return $"{esp:x}";
    }
}
