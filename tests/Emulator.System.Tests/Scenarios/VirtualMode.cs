using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Virtual-8086 mode, the I/O permission bitmap, real mode and the way between modes (SDM vol. 3, chapter 20, 9.9; vol. 1, 19.5).</summary>
internal static class VirtualMode
{
    public static void AddTo(ScenarioList list)
    {
        AddVirtual(list);
        AddPorts(list);
        AddReal(list);
    }

    private static void AddVirtual(ScenarioList list)
    {
        foreach (var iopl in new[] { 0, 3 })
        {
            foreach (var (name, emit) in new (string, Action<Assembler>)[]
            {
                ("int 55", c => c.@int(0x55)), ("int 15", c => c.@int(0x15)), ("int3", c => c.int3()), ("cli", c => c.cli()), ("sti", c => c.sti()), ("pushf", c => c.pushf()), ("popf", c => c.popf()), ("iret", c => c.iret()),
                ("pushfd", c => c.pushfd()), ("in", c => { c.@in(al, 0x40); c.mov(eax, 0); }), ("in 44", c => c.@in(al, 0x44)), ("hlt", c => c.hlt()), ("mov ds", c => c.mov(ds, dx)), ("far jump", c => c.FarJump16(0x2000, 0x100)), ("lldt", c => c.lldt(ax)),
                ("lar", c => c.lar(ax, ax)), ("arpl", c => c.arpl(ax, ax)), ("mov cr0", c => c.db(0x0F, 0x20, 0xC0)), ("smsw", c => c.smsw(bx)), ("lock nop", c => c.db(0xF0, 0x90)), ("sysenter", c => c.sysenter()), ("offset 10000", c => c.mov(ax, __word_ptr[ecx])),
                ("word at FFFF", c => c.mov(ax, __word_ptr[0xFFFF])), ("retf", c => c.retf()), ("sgdt", c => c.sgdt(__[0])), ("str", c => c.str(ax)), ("clts", c => c.clts()), ("into", c => c.into()), ("div", c => c.div(bp)),
            })
            {
                list.Add($"virtual-8086 iopl{iopl}: {name}", s => s.Virtual(c =>
                {
                    c.mov(ecx, 0x10000);
                    c.xor(bp, bp);
                    c.mov(bx, 0x77);
                    c.mov(dx, 0x4321);
                    s.Mark(c, "bad");
                    emit(c);
                    s.End(c);
                }, iopl).Code16(s.End, 0x100).Words(Layout.Stack16 + Layout.Stack16Top, 0x01000100, 0x32002000));
            }

            list.Add($"virtual-8086 iopl{iopl}: trap gate", s => s.Idt(0x15, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (0x15 * Layout.StubSize), Descriptor.TrapGate32, 3)).Virtual(c =>
            {
                c.@int(0x15);
                s.End(c);
            }, iopl, 0x200));
        }

        list.Add("virtual-8086: gate to level 3", s => s.Idt(0x40, Descriptor.Gate(Selectors.Code3, Layout.Other32, Descriptor.InterruptGate32, 3)).Virtual(c => s.Try(c, _ => c.@int(0x40)), 3));
        list.Add("virtual-8086: gate to conforming code", s => s.Idt(0x40, Descriptor.Gate(Selectors.Conforming0, Layout.Other32, Descriptor.InterruptGate32, 3)).Virtual(c => s.Try(c, _ => c.@int(0x40)), 3));
        list.Add("virtual-8086: gate to level 1", s => s.Idt(0x40, Descriptor.Gate(Selectors.Code1, Layout.Other32, Descriptor.InterruptGate32, 3)).Virtual(c => s.Try(c, _ => c.@int(0x40)), 3));
        list.Add("virtual-8086: there and back", s => s.Virtual(c =>
        {
            c.mov(ax, 0x1234);
            c.mov(es, ax);
            c.int3();
            c.inc(ax);
            s.End(c);
        }, 3).Idt(3, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (3 * Layout.StubSize), Descriptor.InterruptGate32, 3)).Then(GuestMonitor.ActionReturn));
        list.Add("virtual-8086: popf may not change IOPL or VM", s => s.Virtual(c =>
        {
            c.Push32(0x3E0602);
            c.popfd();
            s.End(c);
        }, 3));
        list.Add("iret to virtual-8086 mode from level 3 does not", s => s.OtherEnds().User(c =>
        {
            c.push(0x23002);
            c.push(Selectors.Code3);
            c.push((int)Layout.Other32);
            c.iretd();
        }));
    }

    private static void AddPorts(ScenarioList list)
    {
        foreach (var (name, emit) in new (string, Action<Assembler>)[]
        {
            ("in-al-40", c => c.@in(al, 0x40)), ("in-al-44", c => c.@in(al, 0x44)), ("in-ax-42", c => c.@in(ax, 0x42)), ("in-ax-43", c => c.@in(ax, 0x43)), ("in-eax-40", c => c.@in(eax, 0x40)), ("in-eax-41", c => c.@in(eax, 0x41)),
            ("in-eax-45", c => c.@in(eax, 0x45)), ("in-al-47", c => c.@in(al, 0x47)), ("in-ax-47", c => c.@in(ax, 0x47)), ("in-al-48", c => c.@in(al, 0x48)), ("out-60", c => c.@out(0x60, al)),
            ("insb", c => c.insb()), ("outsb", c => c.outsb()), ("rep-insb-0", c => c.rep.insb()), ("in-dx-last", c => { c.mov(dx, 0x4B0); c.@in(al, dx); }), ("in-dx-beyond", c => { c.mov(dx, 0x4B8); c.@in(al, dx); }), ("in-dx-ffff", c => { c.mov(dx, 0xFFFF); c.@in(al, dx); }),
        })
        {
            list.AddCell("i/o bitmap, level 3", name, s => s.User(c =>
            {
                c.mov(dx, 0x44);
                c.xor(ecx, ecx);
                c.mov(edi, Layout.Data);
                c.mov(esi, Layout.Data);
                s.Mark(c, name.StartsWith("in-dx", StringComparison.Ordinal) ? "start" : "bad");
                emit(c);
                c.mov(eax, 0);
                s.End(c);
            }));
        }

        list.AddCell("i/o bitmap, level 3", "iopl3", s => s.User(c => s.Try(c, _ => c.@out(0x80, al)), 3));
        list.AddCell("i/o bitmap, level 3", "base-beyond-limit", s => s.Words(Layout.Tss + 0x64, 0x01000000).User(c => s.Try(c, _ => { c.@in(al, 0x40); c.mov(eax, 0); })));
        list.AddCell("i/o bitmap, level 3", "last-byte-outside", s => s.Gdt(Selectors.Tss, Descriptor.Segment(Layout.Tss, 0x70, Descriptor.Tss32)).User(c => s.Try(c, _ => { c.@in(al, 0x40); c.mov(eax, 0); })));
        list.AddCell("i/o bitmap, level 3", "16-bit-tss", s => s.Write(Layout.TaskTss16 + 2, 0, 0x44, 0x10, 0).Code(c =>
        {
            c.mov(eax, Selectors.TaskTss16);
            c.ltr(ax);
            Scenario.UserEntry(c);
        }).Code(c => s.Try(c, _ => { c.@in(al, 0x40); c.mov(eax, 0); }), Layout.User32));
    }

    /// <summary>To real mode by way of a 16-bit code segment, and back; results are in registers.</summary>
    private static void Real(ScenarioList list, string name, Action<Assembler> body, Func<Scenario, Scenario>? more = null, bool keepLimits = false) => list.Add("real mode: " + name, s =>
    {
        s.Write(Layout.Data + 0x100, 0xFF, 3, 0, 0, 0, 0).Write(Layout.Data + 0x108, 0xFF, 7, 0x00, 0x08, 0x01, 0).Code(c => c.FarJump(Selectors.Code16, 0)).Code16(c =>
        {
            c.mov(ax, Selectors.Data16);
            foreach (var segment in new[] { ss, ds, es, fs, gs })
            {
                if (!keepLimits || segment == ss)
                    c.mov(segment, ax);
            }

            c.mov(sp, Layout.Stack16Top);
            c.mov(eax, cr0);
            c.and(al, 0xFE);
            c.mov(cr0, eax);
            c.FarJump16(Layout.Code16Segment, 0x80);
        }).Code16(c =>
        {
            c.mov(ax, Layout.Stack16Segment);
            c.mov(ss, ax);
            c.mov(ax, 0x4000);
            c.mov(ds, ax);
            c.lidt(__[0x100]);
            c.mov(eax, 0);
            body(c);
            c.FarJump16(Layout.Code16Segment, 0x200);
        }, 0x80).Code16(c =>
        {
            c.mov(cx, 0x4000);
            c.mov(ds, cx);
            c.db(0x66);
            c.lidt(__[0x108]);
            c.mov(ecx, cr0);
            c.or(cl, 1);
            c.mov(cr0, ecx);
            c.db(0x66, 0xEA);
            c.dd(Layout.Other32);
            c.dw(Selectors.Code0);
        }, 0x200).Code(c =>
        {
            c.mov(ecx, Selectors.Data0);
            c.mov(ds, cx);
            c.mov(es, cx);
            c.mov(ss, cx);
            c.mov(fs, cx);
            c.mov(gs, cx);
            c.mov(ecx, 0);
            s.Mark(c, "back");
            c.ud2();
        }, Layout.Other32);
        more?.Invoke(s);
    });

    private static void AddReal(ScenarioList list)
    {
        Real(list, "there and back", c => c.mov(ebx, cr0));
        Real(list, "int pushes three words", c => c.@int(0x40), s => Catch(s, 0x40));
        foreach (var (name, vector, emit) in new (string, int, Action<Assembler>)[]
        {
            ("offset beyond the limit", 13, c => c.mov(al, __byte_ptr[ecx + 0x10000])), ("word at FFFF", 13, c => c.mov(ax, __word_ptr[0xFFFF])), ("stack word at FFFF", 12, c => { c.mov(bp, 0xFFFF); c.mov(ax, __word_ptr[bp + 0]); }),
            ("lldt", 6, c => c.lldt(ax)), ("ltr", 6, c => c.ltr(ax)), ("lar", 6, c => c.lar(ax, ax)), ("verr", 6, c => c.verr(ax)), ("arpl", 6, c => c.arpl(ax, ax)), ("sldt", 6, c => c.sldt(ax)), ("divide error", 0, c => { c.xor(cx, cx); c.div(cx); }),
            ("lock nop", 6, c => c.db(0xF0, 0x90)), ("sysenter", 13, c => c.sysenter()), ("bound", 5, c => { c.mov(bx, 7); c.bound(bx, __dword_ptr[0]); }), ("into", 4, c => { c.mov(al, 0x7F); c.inc(al); c.into(); }),
            ("popfd keeps VM", 0x40, c => { c.Push32(0x3F7002); c.popfd(); c.@int(0x40); }),
        })
        {
            Real(list, name, c =>
            {
                c.mov(ecx, 0);
                emit(c);
            }, s => Catch(s, vector));
        }

        Real(list, "interrupt beyond the limit of the table", c =>
        {
            c.mov(__word_ptr[0x100], 0xFF);
            c.lidt(__[0x100]);
            c.@int(0x40);
        }, s => Catch(s, 13));
        Real(list, "limits of protected mode stay", c =>
        {
            c.mov(ecx, Layout.Data);
            c.mov(__dword_ptr.fs[ecx], 0x12345678);
            c.mov(ebx, __dword_ptr[0]);
            c.mov(ax, 0x4000);
            c.mov(gs, ax);
            c.xor(eax, eax);
            c.mov(edx, __dword_ptr.gs[ecx - (int)Layout.Data]);
            c.mov(esi, 0x20000);
            c.mov(edi, __dword_ptr.gs[esi]);
            c.xor(edi, edi);
        }, keepLimits: true);
    }

    /// <summary>Real-mode handler: pops the frame into registers and goes back to protected mode.</summary>
    private static Scenario Catch(Scenario s, int vector) => s.Code16(c =>
    {
        c.pop(bx);
        c.pop(dx);
        c.pop(si);
        c.and(si, 0x7700);
        c.pushf();
        c.pop(di);
        c.and(di, 0x7700);
        c.mov(ax, (short)vector);
        c.FarJump16(Layout.Code16Segment, 0x200);
    }, 0x300).Write((uint)vector * 4, 0x00, 0x03, 0x00, 0x20);
}
