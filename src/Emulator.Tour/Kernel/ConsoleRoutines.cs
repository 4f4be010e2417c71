using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The console: every character goes to debug port 0xE9, to COM1 and to the VGA text screen.</summary>
internal static class ConsoleRoutines
{
    public const byte Plain = 0x07;
    public const byte Bright = 0x0F;
    public const byte Title = 0x1F;

    /// <summary>Column of the verdicts at the right edge.</summary>
    private const int VerdictColumn = 72;

    private const int Columns = 80;
    private const int Rows = 25;
    private const int RowBytes = Columns * 2;

    /// <summary>Emits `start_console`, `put_char`, `put_string`, `put_hex`, `put_decimal` and `put_check`. All preserve every register.</summary>
    public static void Emit(AssemblyUnit k)
    {
        EmitStart(k);
        EmitPutChar(k);
        EmitSerial(k);
        EmitScreen(k);
        EmitNumbers(k);
        EmitPutCheck(k);
    }

    private static void EmitStart(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("start_console");
        c.pushad();
        OutDx(k, Ports.Com1 + 1, 0x00);     // no interrupts
        OutDx(k, Ports.Com1 + 3, 0x80);     // the next two bytes are the divisor:
        OutDx(k, Ports.Com1, 0x01);         // 115200 baud
        OutDx(k, Ports.Com1 + 1, 0x00);
        OutDx(k, Ports.Com1 + 3, 0x03);     // 8 data bits, no parity, 1 stop bit
        OutDx(k, Ports.Com1 + 2, 0x07);     // FIFOs on and empty
        OutDx(k, Ports.Com1 + 4, 0x03);     // DTR, RTS
        c.mov(__dword_ptr[Variables.Attribute], Plain);
        c.mov(edi, Layout.VgaText);
        c.mov(eax, (Plain << 24) | (' ' << 16) | (Plain << 8) | ' ');
        c.mov(ecx, Rows * RowBytes / 4);
        c.rep.stosd();
        c.popad();
        c.ret();
    }

    private static void EmitPutChar(AssemblyUnit k)
    {
        var c = k.Code;

        // AL = the character; line feed starts a new line. Not interruptible, so that processes cannot mix up the cursor.
        k.Define("put_char");
        c.pushad();
        c.pushfd();
        c.cli();
        c.@out(Ports.DebugConsole, al);
        c.mov(bl, al);
        c.cmp(bl, (byte)'\n');
        c.jne(k["put_char.serial"]);
        c.mov(al, (byte)'\r');
        c.call(k["put_serial"]);
        k.Define("put_char.serial");
        c.mov(al, bl);
        c.call(k["put_serial"]);
        c.call(k["put_screen"]);
        c.popfd();
        c.popad();
        c.ret();

        // ESI = a text that ends with a zero byte.
        k.Define("put_string");
        c.pushad();
        k.Define("put_string.next");
        c.mov(al, __byte_ptr[esi]);
        c.inc(esi);
        c.test(al, al);
        c.jz(k["put_string.end"]);
        c.call(k["put_char"]);
        c.jmp(k["put_string.next"]);
        k.Define("put_string.end");
        c.popad();
        c.ret();
    }

    private static void EmitSerial(AssemblyUnit k)
    {
        const int patience = 100_000;
        const byte transmitterEmpty = 0x20;

        var c = k.Code;
        k.Define("put_serial");
        c.pushad();
        c.mov(bl, al);
        c.mov(edx, Ports.Com1 + 5);
        c.mov(ecx, patience);               // where no serial port answers, the text goes elsewhere
        k.Define("put_serial.wait");
        c.@in(al, dx);
        c.test(al, transmitterEmpty);
        c.jnz(k["put_serial.send"]);
        c.dec(ecx);
        c.jnz(k["put_serial.wait"]);
        k.Define("put_serial.send");
        c.mov(edx, Ports.Com1);
        c.mov(al, bl);
        c.@out(dx, al);
        c.popad();
        c.ret();
    }

    private static void EmitScreen(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("put_screen");
        c.pushad();
        c.cmp(al, (byte)'\n');
        c.je(k["put_screen.line"]);
        c.mov(ah, __byte_ptr[Variables.Attribute]);
        c.imul(edi, __dword_ptr[Variables.Row], Columns);
        c.add(edi, __dword_ptr[Variables.Column]);
        c.mov(__word_ptr[(edi * 2) + (int)Layout.VgaText], ax);
        c.inc(__dword_ptr[Variables.Column]);
        c.cmp(__dword_ptr[Variables.Column], Columns);
        c.jb(k["put_screen.cursor"]);

        k.Define("put_screen.line");
        c.mov(__dword_ptr[Variables.Column], 0);
        c.inc(__dword_ptr[Variables.Row]);
        c.cmp(__dword_ptr[Variables.Row], Rows);
        c.jb(k["put_screen.cursor"]);
        c.mov(__dword_ptr[Variables.Row], Rows - 1);
        c.mov(esi, Layout.VgaText + RowBytes);
        c.mov(edi, Layout.VgaText);
        c.mov(ecx, (Rows - 1) * RowBytes / 4);
        c.rep.movsd();
        c.mov(eax, (Plain << 24) | (' ' << 16) | (Plain << 8) | ' ');
        c.mov(ecx, RowBytes / 4);
        c.rep.stosd();

        k.Define("put_screen.cursor");
        c.imul(ebx, __dword_ptr[Variables.Row], Columns);
        c.add(ebx, __dword_ptr[Variables.Column]);
        c.mov(edx, Ports.CrtcIndex);
        c.mov(al, 0x0E);                    // cursor address, high byte
        c.mov(ah, bh);
        c.@out(dx, ax);
        c.mov(al, 0x0F);                    // and low byte
        c.mov(ah, bl);
        c.@out(dx, ax);
        c.popad();
        c.ret();
    }

    private static void EmitNumbers(AssemblyUnit k)
    {
        var c = k.Code;

        // EAX in hexadecimal, ECX = number of digits.
        k.Define("put_hex");
        c.pushad();
        c.mov(ebx, eax);
        c.mov(esi, ecx);
        k.Define("put_hex.next");
        c.dec(esi);
        c.lea(ecx, __[esi * 4]);
        c.mov(eax, ebx);
        c.shr(eax, cl);
        c.and(al, 0x0F);
        c.add(al, (byte)'0');
        c.cmp(al, (byte)'9');
        c.jbe(k["put_hex.digit"]);
        c.add(al, (byte)('A' - '9' - 1));
        k.Define("put_hex.digit");
        c.call(k["put_char"]);
        c.test(esi, esi);
        c.jnz(k["put_hex.next"]);
        c.popad();
        c.ret();

        // EAX in decimal, without sign.
        k.Define("put_decimal");
        c.pushad();
        c.mov(ebx, 10);
        c.xor(ecx, ecx);
        k.Define("put_decimal.divide");
        c.xor(edx, edx);
        c.div(ebx);
        c.push(edx);
        c.inc(ecx);
        c.test(eax, eax);
        c.jnz(k["put_decimal.divide"]);
        k.Define("put_decimal.digit");
        c.pop(eax);
        c.add(al, (byte)'0');
        c.call(k["put_char"]);
        c.loop(k["put_decimal.digit"]);
        c.popad();
        c.ret();
    }

    private static void EmitPutCheck(AssemblyUnit k)
    {
        var c = k.Code;

        // Ends the line with a verdict: EAX = what was observed, EDX = what the manual says.
        k.Define("put_check");
        c.pushad();
        c.mov(ebx, eax);
        k.Define("put_check.pad");
        c.mov(al, (byte)' ');
        c.call(k["put_char"]);
        c.cmp(__dword_ptr[Variables.Column], VerdictColumn);
        c.jb(k["put_check.pad"]);
        c.mov(esi, k.Data.AddString("[ok]\n"));
        c.mov(edi, Variables.ChecksPassed);
        c.cmp(ebx, edx);
        c.je(k["put_check.verdict"]);
        c.mov(esi, k.Data.AddString("[WRONG]\n"));
        c.mov(edi, Variables.ChecksFailed);
        k.Define("put_check.verdict");
        c.inc(__dword_ptr[edi]);
        c.call(k["put_string"]);
        c.popad();
        c.ret();
    }

    private static void OutDx(AssemblyUnit k, int port, byte value)
    {
        k.Code.mov(edx, port);
        k.Code.mov(al, value);
        k.Code.@out(dx, al);
    }
}
