namespace Emulator.Kvm.Tests;

/// <summary>Random straight-line programs of instructions that reach ports and memory nobody answers, in every way there is.</summary>
internal sealed class AccessPrograms(Random random)
{
    private static readonly string[] s_names8 = ["al", "cl", "dl", "bl"], s_names16 = ["ax", "cx", "dx", "bx"], s_names32 = ["eax", "ecx", "edx", "ebx"];
    private static readonly string[] s_arithmetic = ["add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"], s_unary = ["inc", "dec", "not", "neg"];

    /// <summary>A program that ends in HLT.</summary>
    public byte[] Next(int instructions)
    {
        var lines = new List<string>();
        while (lines.Count < instructions)
            lines.AddRange(Instruction());
        lines.Add("hlt");
        return Guest.Assemble(32, Guest.Code, [.. lines]);
    }

    private string[] Instruction()
    {
        var (size, register) = Operand();
        var place = $"{size} [0x{Address():x}]";
        return random.Next(16) switch
        {
            0 => [$"mov {register}, {place}"],
            1 => [$"mov {place}, {register}"],
            2 => [$"mov {place}, 0x{random.Next(0x7F):x}"],
            3 => [$"movzx {Pick(s_names32)}, {Pick("byte", "word")} [0x{Address():x}]"],
            4 => [$"{Pick("", "lock ")}{Pick(s_arithmetic[..7])} {place}, {register}"],
            5 => [$"{Pick(s_arithmetic)} {register}, {place}"],
            6 => [$"{Pick(s_unary)} {place}"],
            7 => [$"xchg {register}, {place}"],
            8 => [$"push dword [0x{Address():x}]"],
            9 => [$"pop dword [0x{Address():x}]"],
            10 => [$"xadd {place}, {register}"],
            11 => [$"{Pick("bts", "btr", "btc", "bt")} dword [0x{Address():x}], 0x{random.Next(32):x}"],
            12 => Strings(),
            13 => [$"in {Pick("al", "ax", "eax")}, 0x{random.Next(256):x}", $"out 0x{random.Next(256):x}, {Pick("al", "ax", "eax")}"],
            14 => [$"mov dx, 0x{random.Next(0x10000):x}", $"{Pick("in al, dx", "in ax, dx", "in eax, dx", "out dx, al", "out dx, ax", "out dx, eax")}"],
            _ => [Pick("sti", "cli", "nop", "stc", "clc", $"mov {register}, 0x{random.Next(0x7F):x}")],
        };
    }

    private string[] Strings()
    {
        var letter = Pick("b", "w", "d");
        var instruction = Pick("movs", "stos", "lods", "ins", "outs", "cmps", "scas") + letter;
        var prefix = Pick("", "rep ");
        if (prefix.Length != 0 && (instruction.StartsWith("cmps", StringComparison.Ordinal) || instruction.StartsWith("scas", StringComparison.Ordinal)))
            prefix = Pick("repe ", "repne ");

        // The kernel reads all elements of a REP INS before it stores the first, so that to memory nobody answers the order differs.
        var destination = instruction.StartsWith("ins", StringComparison.Ordinal) && prefix.Length != 0 ? 0x4100 + (uint)random.Next(0x600) : Address();
        return
        [
            Pick("cld", "cld", "std"), $"mov esi, 0x{Address():x}", $"mov edi, 0x{destination:x}", $"mov ecx, {random.Next(5)}", $"mov dx, 0x{random.Next(0x10000):x}", prefix + instruction,
        ];
    }

    private (string Size, string Register) Operand() => random.Next(3) switch
    {
        0 => ("byte", Pick(s_names8)),
        1 => ("word", Pick(s_names16)),
        _ => ("dword", Pick(s_names32)),
    };

    /// <summary>An address in RAM, around its end, in the hole, or around a page boundary there.</summary>
    private uint Address() => random.Next(4) switch
    {
        0 => 0x4000 + (uint)random.Next(0x800),
        1 => Guest.RamSize - 6 + (uint)random.Next(8),
        2 => Guest.Hole + (uint)random.Next(0x3000),
        _ => Guest.Hole + 0x1000 - 6 + (uint)random.Next(8),
    };

    private string Pick(params string[] of) => of[random.Next(of.Length)];
}
