using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>Page frames, page tables and address spaces.</summary>
internal static class Paging
{
    public const uint Present = 1;
    public const uint Writable = 2;
    public const uint User = 4;

    /// <summary>Protection, extension type (always 1), write protection in ring 0 too, paging.</summary>
    public const uint Cr0 = 0x80010011;

    /// <summary>Emits `start_paging`, `allocate_frame`, `new_address_space` and `map_page`.</summary>
    public static void Emit(AssemblyUnit k)
    {
        EmitStart(k);
        EmitFrames(k);
        EmitMap(k);
    }

    private static void EmitStart(AssemblyUnit k)
    {
        var c = k.Code;

        // Maps the first 4 MiB one to one, for ring 0 only, and turns paging on.
        k.Define("start_paging");
        c.mov(edi, Layout.KernelPageTable);
        c.mov(eax, Present | Writable);
        k.Define("start_paging.next");
        c.stosd();
        c.add(eax, Layout.PageSize);
        c.cmp(eax, Layout.KernelSpaceEnd);
        c.jb(k["start_paging.next"]);
        c.mov(__dword_ptr[Layout.KernelDirectory], Layout.KernelPageTable | Present | Writable);
        c.mov(eax, Layout.KernelDirectory);
        c.mov(cr3, eax);
        c.mov(eax, Cr0);
        c.mov(cr0, eax);
        c.mov(__dword_ptr[Variables.NextFrame], Layout.FreeFrames);
        c.ret();
    }

    private static void EmitFrames(AssemblyUnit k)
    {
        var c = k.Code;

        // EAX = address of a frame filled with zeroes. Frames are taken in order of address and never given back one by one.
        k.Define("allocate_frame");
        c.push(ecx);
        c.push(edi);
        c.mov(edi, __dword_ptr[Variables.NextFrame]);
        c.add(__dword_ptr[Variables.NextFrame], Layout.PageSize);
        c.push(edi);
        c.mov(ecx, Layout.PageSize / 4);
        c.xor(eax, eax);
        c.rep.stosd();
        c.pop(eax);
        c.pop(edi);
        c.pop(ecx);
        c.ret();

        // EAX = a new page directory that knows the kernel's pages and nothing else.
        k.Define("new_address_space");
        c.call(k["allocate_frame"]);
        c.mov(__dword_ptr[eax], Layout.KernelPageTable | Present | Writable);
        c.ret();
    }

    private static void EmitMap(AssemblyUnit k)
    {
        var c = k.Code;

        // Maps a page: EAX = directory, EBX = virtual address, ECX = frame | flags.
        k.Define("map_page");
        c.pushad();
        c.mov(edi, ebx);
        c.shr(edi, 22);
        c.lea(edi, __[eax + (edi * 4)]);
        c.test(__dword_ptr[edi], Present);
        c.jnz(k["map_page.has_table"]);
        c.call(k["allocate_frame"]);
        c.or(eax, Present | Writable | User);    // the entries of the table decide
        c.mov(__dword_ptr[edi], eax);
        k.Define("map_page.has_table");
        c.mov(edi, __dword_ptr[edi]);
        c.and(edi, -(int)Layout.PageSize);
        c.mov(edx, ebx);
        c.shr(edx, 12);
        c.and(edx, 0x3FF);
        c.mov(__dword_ptr[edi + (edx * 4)], ecx);
        c.invlpg(__byte_ptr[ebx]);
        c.popad();
        c.ret();
    }
}
