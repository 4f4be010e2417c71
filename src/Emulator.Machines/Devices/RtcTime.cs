namespace Emulator.Machines;

/// <summary>The ten time registers of an MC146818 as bytes in the format register B selects, and how they count.</summary>
internal static class RtcTime
{
    public const int Seconds = 0, SecondsAlarm = 1, Minutes = 2, MinutesAlarm = 3, Hours = 4, HoursAlarm = 5, DayOfWeek = 6, Day = 7, Month = 8, Year = 9;

    /// <summary>Century in BCD or binary, where PC firmware keeps it.</summary>
    public const int Century = 0x32;

    /// <summary>Sets every register to a moment.</summary>
    public static void Store(Span<byte> ram, DateTime time, bool binary, bool hours24)
    {
        ram[Seconds] = Encode(time.Second, binary);
        ram[Minutes] = Encode(time.Minute, binary);
        ram[Hours] = EncodeHour(time.Hour, binary, hours24);
        ram[DayOfWeek] = Encode((int)time.DayOfWeek + 1, binary);
        ram[Day] = Encode(time.Day, binary);
        ram[Month] = Encode(time.Month, binary);
        ram[Year] = Encode(time.Year % 100, binary);
        ram[Century] = Encode(time.Year / 100, binary);
    }

    /// <summary>Counts one second, with carries as the chip makes them: leap years are those divisible by four.</summary>
    public static void Increment(Span<byte> ram, bool binary, bool hours24)
    {
        if (!Carry(ram, Seconds, 0, 59, binary) || !Carry(ram, Minutes, 0, 59, binary))
            return;
        int hour = DecodeHour(ram[Hours], binary, hours24) + 1;
        ram[Hours] = EncodeHour(hour > 23 ? 0 : hour, binary, hours24);
        if (hour <= 23)
            return;
        Carry(ram, DayOfWeek, 1, 7, binary);
        int month = Decode(ram[Month], binary);
        int year = Decode(ram[Year], binary);
        int days = month switch
        {
            2 => year % 4 == 0 ? 29 : 28,
            4 or 6 or 9 or 11 => 30,
            _ => 31,
        };
        if (Carry(ram, Day, 1, days, binary) && Carry(ram, Month, 1, 12, binary) && Carry(ram, Year, 0, 99, binary))
            Carry(ram, Century, 0, 99, binary);
    }

    /// <summary>Whether the alarm registers match the time; the codes C0 to FF match everything.</summary>
    public static bool AlarmMatches(ReadOnlySpan<byte> ram) =>
        Matches(ram[SecondsAlarm], ram[Seconds]) && Matches(ram[MinutesAlarm], ram[Minutes]) && Matches(ram[HoursAlarm], ram[Hours]);

    public static byte Encode(int value, bool binary) => (byte)(binary ? value : (value / 10 << 4) | (value % 10));

    private static bool Matches(byte alarm, byte value) => alarm >= 0xC0 || alarm == value;

    private static int Decode(byte value, bool binary) => binary ? value : ((value >> 4) * 10) + (value & 15);

    private static bool Carry(Span<byte> ram, int register, int first, int last, bool binary)
    {
        int value = Decode(ram[register], binary) + 1;
        bool carry = value > last;
        ram[register] = Encode(carry ? first : value, binary);
        return carry;
    }

    private static int DecodeHour(byte value, bool binary, bool hours24)
    {
        if (hours24)
            return Decode(value, binary);
        int hour = Decode((byte)(value & 0x7F), binary) % 12;
        return (value & 0x80) != 0 ? hour + 12 : hour;
    }

    private static byte EncodeHour(int hour, bool binary, bool hours24)
    {
        if (hours24)
            return Encode(hour, binary);
        int half = hour % 12 == 0 ? 12 : hour % 12;
        return (byte)(Encode(half, binary) | (hour >= 12 ? 0x80 : 0));
    }
}
