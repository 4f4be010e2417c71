using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The interrupt controllers (8259) and the timer (8254) on request line 0.</summary>
internal static class TimerInterrupt
{
    private const int TicksPerSecond = 200;
    private const int PitFrequency = 1193182;
    private const byte EndOfInterrupt = 0x20;
    private const byte ReadRequestRegister = 0x0A;
    private const byte AllButTimer = 0xFE;
    private const byte All = 0xFF;

    /// <summary>Emits `start_timer`, `unmask_timer`, `mask_timer`, `wait_tick`, `read_requests` and the handlers.</summary>
    public static void Emit(AssemblyUnit k)
    {
        EmitStart(k);
        EmitMasks(k);
        EmitHandlers(k);
    }

    /// <summary>Lets the timer through, just after a tick, so that the first time slice is a whole one. Interrupts are off before and after.</summary>
    public static void EmitStartAtTick(AssemblyUnit k)
    {
        k.Code.call(k["unmask_timer"]);
        k.Code.sti();
        k.Code.call(k["wait_tick"]);
        k.Code.cli();
    }

    private static void EmitStart(AssemblyUnit k)
    {
        const int divisor = PitFrequency / TicksPerSecond;

        k.Define("start_timer");
        Out(k, Ports.Pic1Command, 0x11);        // ICW1: edge triggered, cascade, ICW4 follows
        Out(k, Ports.Pic2Command, 0x11);
        Out(k, Ports.Pic1Data, 0x20);           // ICW2: requests 0-7 are vectors 20-27
        Out(k, Ports.Pic2Data, 0x28);           //       requests 8-15 are vectors 28-2F
        Out(k, Ports.Pic1Data, 0x04);           // ICW3: the second controller is on line 2
        Out(k, Ports.Pic2Data, 0x02);
        Out(k, Ports.Pic1Data, 0x01);           // ICW4: 8086 mode
        Out(k, Ports.Pic2Data, 0x01);
        Out(k, Ports.Pic1Data, All);
        Out(k, Ports.Pic2Data, All);
        Out(k, Ports.PitControl, 0x34);         // channel 0, low byte then high byte, mode 2: one pulse per period
        Out(k, Ports.PitChannel0, divisor & 0xFF);
        Out(k, Ports.PitChannel0, divisor >> 8);
        k.Code.ret();
    }

    private static void EmitMasks(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("unmask_timer");
        c.push(eax);
        Out(k, Ports.Pic1Data, AllButTimer);
        c.pop(eax);
        c.ret();

        k.Define("mask_timer");
        c.push(eax);
        Out(k, Ports.Pic1Data, All);
        c.pop(eax);
        c.ret();

        // Returns after the next tick. Interrupts must be enabled.
        k.Define("wait_tick");
        c.push(eax);
        c.mov(eax, __dword_ptr[Variables.Ticks]);
        k.Define("wait_tick.sleep");
        c.hlt();
        c.cmp(eax, __dword_ptr[Variables.Ticks]);
        c.je(k["wait_tick.sleep"]);
        c.pop(eax);
        c.ret();

        // EAX = the first controller's interrupt request register: bit n is set while request n waits.
        k.Define("read_requests");
        Out(k, Ports.Pic1Command, ReadRequestRegister);
        c.xor(eax, eax);
        c.@in(al, Ports.Pic1Command);
        c.ret();
    }

    private static void EmitHandlers(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("handle_timer");
        c.inc(__dword_ptr[Variables.Ticks]);
        Out(k, Ports.Pic1Command, EndOfInterrupt);
        // Take the processor away from a process; the kernel's own work is not interrupted for one.
        c.cmp(__dword_ptr[Variables.Current], ProcessTable.Address(0));
        c.je(k["handle_timer.done"]);
        c.call(k["schedule"]);
        k.Define("handle_timer.done");
        c.ret();

        // All other lines are masked; only a request withdrawn in the last moment comes here, and it wants no end of interrupt.
        k.Define("handle_stray_request");
        c.ret();
    }

    private static void Out(AssemblyUnit k, byte port, byte value)
    {
        k.Code.mov(al, value);
        k.Code.@out(port, al);
    }
}
