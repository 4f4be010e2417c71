using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The interrupt descriptor table, and the way in and out of the kernel that all interrupts share.</summary>
internal static class Idt
{
    public const int TimerVector = 0x20;
    public const int SystemCallVector = 0x80;

    /// <summary>Bit n is set when the processor itself pushes an error code for vector n (Intel SDM volume 3, table 6-1).</summary>
    public const uint VectorsWithErrorCode = (1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 17);

    private const int ExceptionCount = 0x20;
    private const int InterruptRequestEnd = 0x30;
    private const uint InterruptGate = 0x8E00;
    private const uint TrapGateForRing3 = 0xEF00;

    /// <summary>Emits `load_idt`, a stub per vector and `interrupt_common`.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var gates = new uint[2 * (SystemCallVector + 1)];
        var handlers = new uint[SystemCallVector + 1];
        for (var vector = 0; vector <= SystemCallVector; vector++)
        {
            if (vector is >= InterruptRequestEnd and < SystemCallVector)
            {
                continue;
            }

            EmitStub(k, vector);
            var stub = k.AddressOf(StubName(vector));
            gates[2 * vector] = ((uint)Selectors.KernelCode << 16) | (stub & 0xFFFF);
            gates[(2 * vector) + 1] = (stub & 0xFFFF0000) | (vector == SystemCallVector ? TrapGateForRing3 : InterruptGate);
            handlers[vector] = k.AddressOf(HandlerName(vector));
        }

        var c = k.Code;
        var table = k.Data.AddWords(gates);
        var handlerTable = k.Data.AddWords(handlers);
        var pointer = k.Data.Add(Gdt.TablePointer(table, gates.Length * 4), 4);
        k.Define("load_idt");
        c.lidt(__[pointer]);
        c.ret();

        // Here the stack holds, from the top: vector, error code, EIP, CS, EFLAGS, and from ring 3 also ESP and SS. See Frame.
        k.Define("interrupt_common");
        c.pushad();
        c.push(ds);
        c.push(es);
        c.mov(eax, Selectors.KernelData);
        c.mov(ds, eax);
        c.mov(es, eax);
        c.cld();
        c.mov(ebp, esp);
        c.mov(eax, __dword_ptr[ebp + Frame.Vector]);
        c.call(__dword_ptr[(eax * 4) + (int)handlerTable]);

        k.Define("interrupt_return");
        c.pop(es);
        c.pop(ds);
        c.popad();
        c.add(esp, 8);
        c.iretd();
    }

    private static string StubName(int vector) => $"vector_{vector:x2}";

    private static string HandlerName(int vector) => vector switch
    {
        < ExceptionCount => "handle_exception",
        TimerVector => "handle_timer",
        SystemCallVector => "handle_system_call",
        _ => "handle_stray_request",
    };

    private static void EmitStub(AssemblyUnit k, int vector)
    {
        k.Define(StubName(vector));
        if (vector >= ExceptionCount || (VectorsWithErrorCode >> vector & 1) == 0)
        {
            k.Code.push(0);
        }

        k.Code.push(vector);
        k.Code.jmp(k["interrupt_common"]);
    }
}
