using System.Globalization;
using System.Numerics;
using System.Text;
using Emulator.Isa.Analysis;

namespace Emulator.Isa.Emit;

/// <summary>How IR values, types and names are written in C#.</summary>
public static class CSharpNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do",
        "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int",
        "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected",
        "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true",
        "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
        // Names the generated methods use themselves.
        "s", "h", "op", "done", "trap", "commit",
    };

    /// <summary>A name that may stand for a local.</summary>
    public static string Local(string name) => Reserved.Contains(name) ? name + "_" : name;

    /// <summary>A name as that of a member: exactly the name, written with <c>@</c> where C# has a keyword of that spelling.</summary>
    public static string Member(string name) => Reserved.Contains(name) ? "@" + name : name;

    /// <summary><c>x86</c> is <c>X86</c>, <c>read_top</c> is <c>ReadTop</c>.</summary>
    public static string Pascal(string name)
    {
        var result = new StringBuilder();
        bool upper = true;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }
            result.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }
        return result.Length == 0 || char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }

    /// <summary>The C# type that holds a value of a width; values are zero-extended.</summary>
    public static string TypeOf(int width) => width == 1 ? "bool" : width <= 32 ? "uint" : width <= 64 ? "ulong" : "UInt128";

    /// <summary>Bits of that type (32 for bool).</summary>
    public static int Container(int width) => width <= 32 ? 32 : width <= 64 ? 64 : 128;

    public static string SignedType(int container) => container switch { 32 => "int", 64 => "long", _ => "Int128" };

    public static string UnsignedType(int container) => container switch { 32 => "uint", 64 => "ulong", _ => "UInt128" };

    /// <summary>The smallest type a value of a width is stored in.</summary>
    public static string StorageType(int width) => StorageSize(width) switch { 1 => "byte", 2 => "ushort", 4 => "uint", 8 => "ulong", _ => "UInt128" };

    public static int StorageSize(int width) => width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 64 ? 8 : 16;

    /// <summary>A constant of the type for a width.</summary>
    public static string Literal(BigInteger value, int width) => width == 1 ? (value.IsZero ? "false" : "true") : Number(value, Container(width));

    /// <summary>A constant of an unsigned type of 32, 64 or 128 bits.</summary>
    public static string Number(BigInteger value, int container)
    {
        if (container == 128)
        {
            return $"new UInt128({Number(value >> 64, 64)}, {Number(value & IrMath.Mask(64), 64)})";
        }
        string digits = value < 10 ? value.ToString(CultureInfo.InvariantCulture) : "0x" + Hex(value);
        return digits + (container == 64 ? "ul" : "u");
    }

    public static string Hex(BigInteger value)
    {
        string digits = value.ToString("X", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0" : digits;
    }

    public static string Int(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A C# string literal.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (char c in text)
        {
            switch (c)
            {
                case '"': result.Append("\\\""); break;
                case '\\': result.Append("\\\\"); break;
                case '\n': result.Append("\\n"); break;
                case '\r': result.Append("\\r"); break;
                case '\t': result.Append("\\t"); break;
                default:
                    if (c < ' ') result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    else result.Append(c);
                    break;
            }
        }
        return result.Append('"').ToString();
    }

    /// <summary>Puts parentheses around a text that is not a single operand already.</summary>
    public static string Wrap(string text)
    {
        int depth = 0;
        foreach (char c in text)
        {
            if (c is '(' or '[') depth++;
            else if (c is ')' or ']') depth--;
            else if (c == ' ' && depth == 0) return "(" + text + ")";
        }
        return text;
    }

    /// <summary>A cast; its result binds tighter than any binary operator.</summary>
    public static string Cast(string type, string text)
    {
        string operand = Wrap(text);
        // After a type that is no keyword these would be binary operators.
        if ((type is "UInt128" or "Int128") && (operand[0] is '*' or '-' or '+' or '&')) operand = "(" + operand + ")";
        return $"({type}){operand}";
    }
}
