using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Guest;

/// <summary>The code around the scenarios: it starts each from the same state, and prints what happened on port E9.</summary>
/// <remarks>
/// A line starts with a letter: S number (a scenario starts), E words (an event: the record of <see cref="Variables"/>), D words (memory asked for).
/// An event ends a scenario unless its list of actions says otherwise.
/// </remarks>
internal static class GuestMonitor
{
    public const byte DebugConsole = 0xE9;
    public const ushort ExitPort = 0x501;

    // Words of a scenario's entry in the table.
    public const int PatchCount = 0, Patches = 4, Actions = 8, DumpCount = 12, Dumps = 16, EntrySize = 20;

    // What to do after an event; other values are an address to go on at.
    public const uint ActionEnd = 0, ActionReturn = 1, ActionResume = 2, ActionStopStepping = 3;

    /// <summary>Where <see cref="PutWord"/> lies behind <see cref="Layout.EndScenario"/>.</summary>
    public const uint PutWordOffset = 0x200;

    private const int ResumeFlag = 0x10000, TrapFlag = 0x100;
    private static readonly int[] Coded = [8, 10, 11, 12, 13, 14, 17];

    /// <summary>The header of the image and its first instructions (Multiboot Specification 0.6.96).</summary>
    public static byte[] Header()
    {
        const uint magic = 0x1BADB002, addressesGiven = 1 << 16;
        uint[] words = [magic, addressesGiven, unchecked(0 - magic - addressesGiven), Layout.Image, Layout.Image, 0, 0, Layout.Entry];
        return [.. words.SelectMany(BitConverter.GetBytes)];
    }

    /// <summary>Entered by the loader.</summary>
    public static void Entry(Assembler c)
    {
        c.cli();
        c.cld();
        c.mov(esp, Layout.MonitorStack);
        // No device interrupts: both 8259s masked.
        c.mov(al, 0xFF);
        c.@out(0x21, al);
        c.@out(0xA1, al);
        c.mov(__dword_ptr[Variables.Index], 0);
        c.mov(__dword_ptr[Variables.LineEnd], Variables.Line);
        Jump(c, Layout.NextScenario);
    }

    /// <summary>Puts everything into its initial state and starts the scenario that is next, or ends the run.</summary>
    public static void NextScenario(Assembler c, uint count, uint table, uint tables, uint pointers)
    {
        var exit = c.CreateLabel();
        c.mov(eax, 0x11);
        c.mov(cr0, eax);
        c.xor(eax, eax);
        c.mov(cr4, eax);
        c.mov(cr3, eax);
        c.mov(cr2, eax);
        foreach (var register in new[] { dr0, dr1, dr2, dr3 })
            c.mov(register, eax);
        c.mov(eax, 0xFFFF0FF0);
        c.mov(dr6, eax);
        c.mov(eax, 0x400);
        c.mov(dr7, eax);
        foreach (var number in new uint[] { 0xC0000080, 0x174, 0x175, 0x176 })
        {
            c.mov(ecx, number);
            c.xor(eax, eax);
            c.xor(edx, edx);
            c.wrmsr();
        }

        c.mov(eax, __dword_ptr[Variables.Index]);
        c.cmp(eax, count);
        c.jae(exit);
        c.mov(ebx, eax);
        PutByte(c, (byte)'S');
        c.mov(eax, ebx);
        Call(c, Layout.EndScenario + PutWordOffset);
        EndLine(c);
        c.imul(ebx, ebx, EntrySize);
        c.add(ebx, table);
        c.mov(__dword_ptr[Variables.Scenario], ebx);
        c.mov(__dword_ptr[Variables.Event], 0);
        Fill(c, tables);
        Patch(c);
        LoadTables(c, pointers);

        c.Label(ref exit);
        c.mov(dx, ExitPort);
        c.mov(al, 0);
        c.@out(dx, al);
        c.cli();
        c.hlt();
    }

    /// <summary>Prints EAX as eight digits; changes EAX, ECX, EDX. Lies behind <see cref="EndScenario"/>.</summary>
    public static void PutWord(Assembler c)
    {
        var digit = c.CreateLabel();
        var decimalDigit = c.CreateLabel();
        c.mov(edx, eax);
        PutByte(c, (byte)' ');
        c.mov(ecx, 8);
        c.Label(ref digit);
        c.rol(edx, 4);
        c.mov(eax, edx);
        c.and(eax, 15);
        c.add(al, (byte)'0');
        c.cmp(al, (byte)'9');
        c.jbe(decimalDigit);
        c.add(al, 'A' - '9' - 1);
        c.Label(ref decimalDigit);
        Store(c);
        c.dec(ecx);
        c.jnz(digit);
        c.ret();
    }

    /// <summary>Prints the memory asked for and goes on to the next scenario.</summary>
    public static void EndScenario(Assembler c)
    {
        var range = c.CreateLabel();
        var word = c.CreateLabel();
        var end = c.CreateLabel();
        c.mov(ebx, __dword_ptr[Variables.Scenario]);
        c.mov(ebp, __dword_ptr[ebx + DumpCount]);
        c.mov(esi, __dword_ptr[ebx + Dumps]);
        c.Label(ref range);
        c.test(ebp, ebp);
        c.jz(end);
        PutByte(c, (byte)'D');
        c.lodsd();
        c.mov(ebx, eax);
        c.lodsd();
        c.mov(edi, eax);
        c.Label(ref word);
        c.mov(eax, __dword_ptr[ebx]);
        Call(c, Layout.EndScenario + PutWordOffset);
        c.add(ebx, 4);
        c.dec(edi);
        c.jnz(word);
        EndLine(c);
        c.dec(ebp);
        c.jmp(range);
        c.Label(ref end);
        c.inc(__dword_ptr[Variables.Index]);
        Jump(c, Layout.NextScenario);
    }

    /// <summary>Entry point of a vector: makes the frames of all vectors alike.</summary>
    public static void Stub(Assembler c, int vector)
    {
        if (!Coded.Contains(vector))
            c.push(0);
        c.push(vector);
        Jump(c, Layout.Handler);
    }

    /// <summary>Records an event, prints it, and does what the scenario says.</summary>
    public static void Handler(Assembler c)
    {
        HandlerEntry.Save(c);
        HandlerEntry.Record(c);
        PutByte(c, (byte)'E');
        var word = c.CreateLabel();
        c.mov(esi, Variables.Record);
        c.mov(edi, Variables.Words);
        c.Label(ref word);
        c.lodsd();
        Call(c, Layout.EndScenario + PutWordOffset);
        c.dec(edi);
        c.jnz(word);
        EndLine(c);
        Act(c);
    }

    private static void Act(Assembler c)
    {
        var end = c.CreateLabel();
        var resume = c.CreateLabel();
        var stop = c.CreateLabel();
        var leave = c.CreateLabel();
        c.mov(esi, __dword_ptr[Variables.Scenario]);
        c.mov(esi, __dword_ptr[esi + Actions]);
        c.mov(eax, __dword_ptr[Variables.Event]);
        c.inc(__dword_ptr[Variables.Event]);
        c.mov(edx, __dword_ptr[esi + (eax * 4)]);
        c.cmp(edx, ActionEnd);
        c.je(end);
        c.mov(ebp, __dword_ptr[Variables.Frame]);
        c.lss(esp, __fword_ptr[Variables.SavedStack]);
        c.cmp(edx, ActionReturn);
        c.je(leave);
        c.cmp(edx, ActionResume);
        c.je(resume);
        c.cmp(edx, ActionStopStepping);
        c.je(stop);
        c.mov(__dword_ptr.ss[ebp + HandlerEntry.Eip], edx);
        c.jmp(leave);
        c.Label(ref resume);
        c.or(__dword_ptr.ss[ebp + HandlerEntry.Flags], ResumeFlag);
        c.jmp(leave);
        c.Label(ref stop);
        c.and(__dword_ptr.ss[ebp + HandlerEntry.Flags], ~TrapFlag);
        c.Label(ref leave);
        HandlerEntry.Restore(c);
        c.Label(ref end);
        Jump(c, Layout.EndScenario);
    }

    private static void Fill(Assembler c, uint tables)
    {
        c.mov(esi, tables);
        c.mov(edi, Layout.Tables);
        c.mov(ecx, Layout.TablesSize / 4);
        c.rep.movsd();
        c.xor(eax, eax);
        c.mov(edi, Layout.Data);
        c.mov(ecx, Layout.DataSize / 4);
        c.rep.stosd();
    }

    /// <summary>Patches are triples: destination, bytes, source; without a source the memory is cleared.</summary>
    private static void Patch(Assembler c)
    {
        var next = c.CreateLabel();
        var clear = c.CreateLabel();
        var done = c.CreateLabel();
        c.mov(ebp, __dword_ptr[ebx + PatchCount]);
        c.mov(ebx, __dword_ptr[ebx + Patches]);
        c.Label(ref next);
        c.test(ebp, ebp);
        c.jz(done);
        c.dec(ebp);
        c.mov(edi, __dword_ptr[ebx]);
        c.mov(ecx, __dword_ptr[ebx + 4]);
        c.mov(esi, __dword_ptr[ebx + 8]);
        c.add(ebx, 12);
        c.test(esi, esi);
        c.jz(clear);
        c.rep.movsb();
        c.jmp(next);
        c.Label(ref clear);
        c.xor(eax, eax);
        c.rep.stosb();
        c.jmp(next);
        c.Label(ref done);
        c.nop();
    }

    private static void LoadTables(Assembler c, uint pointers)
    {
        c.lgdt(__[pointers]);
        c.lidt(__[pointers + 8]);
        c.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, Selectors.Code0, Layout.StartScenario));
    }

    /// <summary>The second part of <see cref="NextScenario"/>, with the scenario's own code segment.</summary>
    public static void StartScenario(Assembler c)
    {
        c.mov(eax, Selectors.Data0);
        foreach (var segment in new[] { ds, es, fs, gs, ss })
            c.mov(segment, ax);
        c.mov(eax, Selectors.Ldt);
        c.lldt(ax);
        c.mov(eax, Selectors.Tss);
        c.ltr(ax);
        SetFlags(c);
    }

    private static void SetFlags(Assembler c)
    {
        // By IRET, because POPF leaves VIF and VIP.
        c.mov(esp, Layout.Stack0 - 12);
        c.mov(__dword_ptr[esp], Layout.StartRegisters);
        c.mov(__dword_ptr[esp + 4], Selectors.Code0);
        c.mov(__dword_ptr[esp + 8], 2);
        c.iretd();
    }

    /// <summary>The last part: the registers.</summary>
    public static void StartRegisters(Assembler c)
    {
        var values = Variables.InitialRegisters;
        c.mov(eax, values[0]);
        c.mov(ecx, values[1]);
        c.mov(edx, values[2]);
        c.mov(ebx, values[3]);
        c.mov(ebp, values[5]);
        c.mov(esi, values[6]);
        c.mov(edi, values[7]);
        Jump(c, Layout.Code32);
    }

    /// <summary>Appends AL to the line.</summary>
    private static void Store(Assembler c)
    {
        c.push(edi);
        c.mov(edi, __dword_ptr[Variables.LineEnd]);
        c.mov(__byte_ptr[edi], al);
        c.inc(__dword_ptr[Variables.LineEnd]);
        c.pop(edi);
    }

    /// <summary>Prints the line in one piece, which a virtual machine on real hardware does far faster than byte by byte.</summary>
    private static void EndLine(Assembler c)
    {
        PutByte(c, (byte)'\n');
        c.push(esi);
        c.mov(esi, Variables.Line);
        c.mov(ecx, __dword_ptr[Variables.LineEnd]);
        c.sub(ecx, esi);
        c.mov(__dword_ptr[Variables.LineEnd], esi);
        c.mov(dx, DebugConsole);
        c.rep.outsb();
        c.pop(esi);
    }

    private static void PutByte(Assembler c, byte value)
    {
        c.mov(al, value);
        Store(c);
    }

    private static void Call(Assembler c, uint target) => c.AddInstruction(Instruction.CreateBranch(Code.Call_rel32_32, target));

    private static void Jump(Assembler c, uint target) => c.AddInstruction(Instruction.CreateBranch(Code.Jmp_rel32_32, target));
}
