using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Guest;

/// <summary>The first and the last part of the handler of all vectors: from the interrupted state to a record, and back.</summary>
internal static class HandlerEntry
{
    // Offsets from the last push.
    public const int SavedGs = 0, SavedFs = 4, SavedEs = 8, SavedDs = 12, Registers = 16;
    public const int Frame = 48, Eip = Frame + 8, Cs = Frame + 12, Flags = Frame + 16, Outer = Frame + 20;

    private const int VirtualMode = 17;

    /// <summary>Saves the registers; EBP is then where they lie, whatever the size of the stack.</summary>
    public static void Save(Assembler c)
    {
        var wide = c.CreateLabel();
        c.pushad();
        c.push(ds);
        c.push(es);
        c.push(fs);
        c.push(gs);
        c.pushfd();
        c.pop(edi);
        c.mov(eax, Selectors.Data0);
        c.mov(ds, ax);
        c.mov(es, ax);
        c.mov(ebp, esp);
        c.mov(eax, ss);
        c.lar(eax, eax);
        c.bt(eax, 22);
        c.jc(wide);
        c.movzx(ebp, bp);
        c.Label(ref wide);
        c.cld();
        c.mov(__dword_ptr[Variables.Frame], ebp);
        c.mov(__dword_ptr[Variables.SavedStack], esp);
        c.mov(__word_ptr[Variables.SavedStack + 4], ss);
    }

    /// <summary>Writes the record and changes to the monitor's stack.</summary>
    public static void Record(Assembler c)
    {
        var copy = c.CreateLabel();
        var outer = c.CreateLabel();
        var ready = c.CreateLabel();
        Store(c, Variables.HandlerFlags, edi);
        c.lea(eax, __[ebp + Frame]);
        Store(c, Variables.HandlerEsp, eax);
        c.movzx(eax, __word_ptr[Variables.SavedStack + 4]);
        Store(c, Variables.HandlerSs, eax);
        Store(c, Variables.Ss, eax);
        for (var i = 0; i < 5; i++)
            Copy(c, Frame + (i * 4), Variables.Vector + i);
        for (var i = 0; i < 8; i++)
            Copy(c, Registers + (i * 4), Variables.Edi + i);
        foreach (var (offset, word) in new[] { (SavedEs, Variables.Es), (SavedDs, Variables.Ds), (SavedFs, Variables.Fs), (SavedGs, Variables.Gs) })
        {
            c.movzx(eax, __word_ptr.ss[ebp + offset]);
            Store(c, word, eax);
        }

        c.lea(eax, __[ebp + Outer]);
        Store(c, Variables.Esp, eax);
        c.mov(ecx, 6);
        c.bt(__dword_ptr[Word(Variables.Flags)], VirtualMode);
        c.jc(outer);
        c.test(__dword_ptr[Word(Variables.Cs)], 3);
        c.jz(ready);
        c.mov(ecx, 2);
        c.Label(ref outer);
        c.xor(esi, esi);
        c.Label(ref copy);
        c.mov(eax, __dword_ptr.ss[ebp + (esi * 4) + Outer]);
        c.mov(__dword_ptr[(esi * 4) + Word(Variables.Esp)], eax);
        c.inc(esi);
        c.cmp(esi, ecx);
        c.jb(copy);
        c.Label(ref ready);
        c.mov(eax, Selectors.Data0);
        c.mov(ss, ax);
        c.mov(esp, Layout.MonitorStack);
        SystemRegisters(c);
    }

    /// <summary>Back to what was interrupted; the stack is the one <see cref="Save"/> left.</summary>
    public static void Restore(Assembler c)
    {
        c.pop(gs);
        c.pop(fs);
        c.pop(es);
        c.pop(ds);
        c.popad();
        c.add(esp, 8);
        c.iretd();
    }

    private static void SystemRegisters(Assembler c)
    {
        c.mov(eax, cr0);
        Store(c, Variables.Cr0, eax);
        c.mov(eax, cr2);
        Store(c, Variables.Cr2, eax);
        c.mov(eax, dr6);
        Store(c, Variables.Dr6, eax);
        c.mov(eax, dr7);
        Store(c, Variables.Dr7, eax);
        c.xor(eax, eax);
        c.str(ax);
        Store(c, Variables.Tr, eax);
        c.sldt(ax);
        Store(c, Variables.Ldtr, eax);
    }

    private static int Word(int word) => (int)Variables.Record + (word * 4);

    private static void Store(Assembler c, int word, AssemblerRegister32 value) => c.mov(__dword_ptr[Word(word)], value);

    private static void Copy(Assembler c, int offset, int word)
    {
        c.mov(eax, __dword_ptr.ss[ebp + offset]);
        Store(c, word, eax);
    }
}
