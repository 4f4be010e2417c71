using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>LOCK-prefixed read-modify-write instructions on memory that two processes share.</summary>
internal static class AtomicsSection
{
    private const int AtomicRounds = 50_000;
    private const int CarelessRounds = 10;
    private const uint Counter = Layout.UserShared;
    private const uint Lock = Layout.UserShared + 4;
    private const uint Guarded = Layout.UserShared + 8;

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        Report.Section(
            k,
            "6. LOCK: atomic read-modify-write",
            "Who reads, adds and writes in separate instructions can be interrupted between "
            + "them and loses updates. LOCK XADD and LOCK CMPXCHG are one step to everybody.");
        EmitSingle(k);
        EmitRun(k, EmitCareless, timer: false);
        EmitResult(k, "read, yield, add, write; 10 times in A and B: ", Layout.SharedFrame, CarelessRounds);
        EmitRun(k, EmitAtomic, timer: true);
        EmitResult(k, "LOCK XADD, 50000 times in A and B: ", Layout.SharedFrame, 2 * AtomicRounds);
        EmitResult(k, "INC under a LOCK CMPXCHG spin lock, the same: ", Layout.SharedFrame + 8, 2 * AtomicRounds);
        EmitRun(k, EmitIllegal, timer: false, processes: 1);
    }

    private static void EmitSingle(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Say(k, "   - LOCK XADD [5],3 leaves 8 in memory and the old 5 in EAX");
        c.mov(__dword_ptr[Variables.Scratch], 5);
        c.mov(eax, 3);
        c.@lock.xadd(__dword_ptr[Variables.Scratch], eax);
        c.shl(eax, 8);
        c.or(eax, __dword_ptr[Variables.Scratch]);
        Report.Check(k, 0x508);

        Report.Say(k, "   - LOCK CMPXCHG [8],9 with EAX=7 writes nothing and loads EAX with 8");
        c.mov(eax, 7);
        c.mov(ecx, 9);
        c.@lock.cmpxchg(__dword_ptr[Variables.Scratch], ecx);
        EmitZeroFlagToEdx(k);
        Report.Check(k, 0x00808);

        Report.Say(k, "   - and the second time, with EAX=8, it writes 9 and sets ZF");
        c.mov(eax, 8);
        c.@lock.cmpxchg(__dword_ptr[Variables.Scratch], ecx);
        EmitZeroFlagToEdx(k);
        Report.Check(k, 0x10809);
    }

    /// <summary>EAX = ZF, EAX and the scratch word in one number.</summary>
    private static void EmitZeroFlagToEdx(AssemblyUnit k)
    {
        var c = k.Code;
        c.setz(dl);
        c.movzx(edx, dl);
        c.shl(edx, 16);
        c.shl(eax, 8);
        c.or(eax, edx);
        c.or(eax, __dword_ptr[Variables.Scratch]);
    }

    private static void EmitRun(AssemblyUnit k, Action<AssemblyUnit> emit, bool timer, int processes = 2)
    {
        var c = k.Code;
        c.call(k["forget_processes"]);
        var program = UserProgram.Embed(k, emit);
        for (var process = 1; process <= processes; process++)
        {
            UserProgram.Spawn(k, process, program);
        }

        if (timer)
        {
            TimerInterrupt.EmitStartAtTick(k);
        }

        c.call(k["run_processes"]);
        c.call(k["mask_timer"]);
    }

    private static void EmitResult(AssemblyUnit k, string text, uint address, uint expected)
    {
        Report.Say(k, "   - " + text);
        k.Code.mov(eax, __dword_ptr[address]);
        Report.SayDecimal(k);
        Report.Check(k, expected);
    }

    private static void EmitCareless(AssemblyUnit u)
    {
        var c = u.Code;
        c.mov(esi, CarelessRounds);
        u.Define("again");
        c.mov(edi, __dword_ptr[Counter]);
        UserProgram.Call(u, SystemCall.Yield);
        c.inc(edi);
        c.mov(__dword_ptr[Counter], edi);
        c.dec(esi);
        c.jnz(u["again"]);
        UserProgram.Exit(u, 0);
    }

    private static void EmitAtomic(AssemblyUnit u)
    {
        var c = u.Code;
        c.mov(esi, AtomicRounds);
        u.Define("again");
        c.mov(eax, 1);
        c.@lock.xadd(__dword_ptr[Counter], eax);

        u.Define("acquire");
        c.xor(eax, eax);
        c.mov(ecx, 1);
        c.@lock.cmpxchg(__dword_ptr[Lock], ecx);
        c.je(u["acquired"]);
        UserProgram.Call(u, SystemCall.Yield);      // its owner was interrupted
        c.jmp(u["acquire"]);

        u.Define("acquired");
        c.mov(eax, __dword_ptr[Guarded]);
        c.inc(eax);
        c.mov(__dword_ptr[Guarded], eax);
        c.mov(__dword_ptr[Lock], 0);
        c.dec(esi);
        c.jnz(u["again"]);
        UserProgram.Exit(u, 0);
    }

    private static void EmitIllegal(AssemblyUnit u)
    {
        const byte lockPrefix = 0xF0;
        UserProgram.ExpectFault(u, "LOCK where no memory is written", Faults.InvalidOpcode, 0, i =>
        {
            i.db(lockPrefix);
            i.add(eax, eax);
        });
        UserProgram.Exit(u, 0);
    }
}
