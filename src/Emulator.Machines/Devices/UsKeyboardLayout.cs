namespace Emulator.Machines;

/// <summary>Which keys of a US keyboard produce a character.</summary>
internal static class UsKeyboardLayout
{
    /// <summary>Make codes (set 1) of the modifier keys.</summary>
    public const ushort LeftShift = 0x2A, LeftControl = 0x1D;

    private const string Plain = "\0\u001b1234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
    private const string Shifted = "\0\0!@#$%^&*()_+\0\0QWERTYUIOP{}\0\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0\0\0\0";

    /// <summary>Finds the key of a character.</summary>
    /// <returns>False for a character a US keyboard does not have.</returns>
    public static bool TryFind(char character, out ushort key, out bool shift, out bool control)
    {
        shift = control = false;
        if (character == '\r')
            character = '\n';
        int index = character == '\0' ? -1 : Plain.IndexOf(character);
        if (index < 0 && character != '\0')
        {
            index = Shifted.IndexOf(character);
            shift = index >= 0;
        }

        if (index < 0 && character is > '\0' and < ' ')
        {
            index = Plain.IndexOf((char)(character + 'a' - 1));
            control = index >= 0;
        }

        key = (ushort)Math.Max(index, 0);
        return index > 0;
    }
}
