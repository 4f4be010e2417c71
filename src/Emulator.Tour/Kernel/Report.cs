using Emulator.Tour.Assembly;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>Shorthand for what the kernel prints. EAX and ECX are changed only where a value is printed.</summary>
internal static class Report
{
    private const int TextWidth = 79;
    private const string Indent = "   ";

    /// <summary>A section's title and what it is about, broken into lines of at most 79 columns.</summary>
    public static void Section(AssemblyUnit k, string title, string explanation)
    {
        Colored(k, "\n" + title + "\n", ConsoleRoutines.Bright);
        var line = Indent;
        foreach (var word in explanation.Split(' '))
        {
            if (line.Length + word.Length > TextWidth)
            {
                Say(k, line.TrimEnd() + "\n");
                line = Indent;
            }

            line += word + " ";
        }

        Say(k, line.TrimEnd() + "\n");
    }

    /// <summary>A text in a colour (VGA attribute).</summary>
    public static void Colored(AssemblyUnit k, string text, byte attribute)
    {
        k.Code.mov(__dword_ptr[Variables.Attribute], attribute);
        Say(k, text);
        k.Code.mov(__dword_ptr[Variables.Attribute], ConsoleRoutines.Plain);
    }

    /// <summary>A text.</summary>
    public static void Say(AssemblyUnit k, string text)
    {
        k.Code.push(esi);
        k.Code.mov(esi, k.Data.AddString(text));
        k.Code.call(k["put_string"]);
        k.Code.pop(esi);
    }

    /// <summary>EAX in hexadecimal.</summary>
    public static void SayHex(AssemblyUnit k, int digits)
    {
        k.Code.mov(ecx, digits);
        k.Code.call(k["put_hex"]);
    }

    /// <summary>A 32-bit value in memory, in hexadecimal; it is left in EAX.</summary>
    public static void SayHex(AssemblyUnit k, AssemblerMemoryOperand value, int digits)
    {
        k.Code.mov(eax, value);
        SayHex(k, digits);
    }

    /// <summary>EAX in decimal.</summary>
    public static void SayDecimal(AssemblyUnit k) => k.Code.call(k["put_decimal"]);

    /// <summary>Ends the line with a verdict on EAX.</summary>
    public static void Check(AssemblyUnit k, uint expected)
    {
        k.Code.mov(edx, expected);
        k.Code.call(k["put_check"]);
    }
}
