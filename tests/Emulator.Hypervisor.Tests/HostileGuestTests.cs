using Emulator.Machines;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>
/// Guests that try to get at the monitor, to hang it, or to make it fail. Each ends under the monitor as on the bare machine, within its budget, and no real resource was ever
/// anything but the monitor's.
/// </summary>
public sealed class HostileGuestTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const uint Origin = 0x100000, Table = 0x200000, Handlers = 0x180000;
    private const long Budget = 300_000;

    /// <summary>A flat GDT with a call gate to ring 0 at 28h, at 200000h; loaded by the guests that name it.</summary>
    private static readonly string[] LoadTables =
    [
        "mov edi, 0x200008", "mov dword [edi], 0x0000ffff", "mov dword [edi+4], 0x00cf9b00", "mov dword [edi+8], 0x0000ffff", "mov dword [edi+12], 0x00cf9300",
        "mov dword [edi+16], 0x0000ffff", "mov dword [edi+20], 0x00cffb00", "mov dword [edi+24], 0x0000ffff", "mov dword [edi+28], 0x00cff300",
        "mov dword [edi+32], 0x00080000", "mov dword [edi+36], 0x0018ec00",
        "mov dword [0x201000], 0x0000007f", "mov dword [0x201002], 0x200000", "lgdt [0x201000]",
    ];

    /// <summary>Paging with one large page, VMX operation, and a current VMCS at 202000h.</summary>
    private static readonly string[] EnterVmx =
    [
        "mov dword [0x400000], 0x83", "mov dword [0x400004], 0x400083", "mov eax, cr4", "or eax, 0x2010", "mov cr4, eax", "mov eax, 0x400000", "mov cr3, eax", "mov eax, cr0", "or eax, 0x80000020", "mov cr0, eax",
        "mov ecx, 0x3a", "mov eax, 5", "xor edx, edx", "wrmsr", "mov ecx, 0x480", "rdmsr", "mov dword [0x201000], eax", "mov dword [0x202000], eax",
        "mov dword [0x300000], 0x201000", "vmxon [0x300000]", "mov dword [0x300008], 0x202000", "vmclear [0x300008]", "vmptrld [0x300008]",
    ];

    public static TheoryData<string> Names => new(Guests.Keys);

    private static Dictionary<string, string[]> Guests { get; } = new()
    {
        ["no interrupt table: triple fault"] = ["mov dword [0x201000], 0", "mov dword [0x201004], 0", "lidt [0x201000]", "int3"],
        ["an undefined instruction without handler"] = ["ud2"],
        ["endless faults: a handler that faults"] =
            ["mov dword [0x201000], 0x000007ff", "mov dword [0x201002], 0x210000", "mov ecx, 256", "mov edi, 0x210000", "mov dword [edi], 0x00080000", "mov dword [edi+4], 0x00188e00", "add edi, 8", "dec ecx", "jne -24", "lidt [0x201000]", "ud2"],
        ["far jump through an empty table"] = ["mov dword [0x201000], 0", "mov dword [0x201004], 0", "lgdt [0x201000]", "mov ax, 0x10", "mov ds, ax"],
        ["a call gate into ring 0"] = [.. LoadTables, "call 0x28:0"],
        ["ring 3 calls the gate"] = [.. LoadTables, "push 0x23", "push 0x300000", "push 0x1b", "push 0x180000", "retf"],
        ["a port flood"] = ["mov ecx, 0x8000", "mov dx, 0x80", "out dx, al", "in al, 0x80", "dec ecx", "jne -8", "hlt"],
        ["string output from everywhere"] = ["mov esi, 0xfffffff0", "mov ecx, 0x4000", "mov dx, 0x80", "rep outsb", "hlt"],
        ["accesses that wrap around"] = ["mov eax, dword [0xfffffffe]", "mov dword [0xfffffffd], eax", "push dword [0xffffffff]", "mov esp, 1", "push eax", "pop ebx", "jmp -14"],
        ["reads all of the physical space"] = ["xor esi, esi", "add eax, dword [esi]", "add esi, 0x10000", "jmp -10"],
        ["paging onto itself"] =
            ["mov edi, 0x400000", "mov dword [edi], 0x400007", "mov eax, 0x400000", "mov cr3, eax", "mov eax, cr0", "or eax, 0x80000000", "mov cr0, eax", "nop", "mov dword [0x0], 0", "nop"],
        ["large pages over everything"] =
            ["mov ecx, 1024", "mov edi, 0x400000", "mov eax, 0x87", "mov dword [edi], eax", "add edi, 4", "add eax, 0x400000", "dec ecx", "jne -15", "mov eax, cr4", "or eax, 0x10", "mov cr4, eax", "mov eax, 0x400000", "mov cr3, eax",
             "mov eax, cr0", "or eax, 0x80000000", "mov cr0, eax", "mov eax, dword [0xfffff000]", "mov dword [0xc0000000], 0x12345678", "invlpg [0x0]", "mov ebx, cr3", "mov cr3, ebx", "jmp -34"],
        ["privileged code that changes itself"] = ["mov ecx, 2000", "mov byte [0x10000f], 0xfb", "cli", "mov byte [0x10000f], 0x9c", "nop", "dec ecx", "jne -18", "hlt"],
        ["asks for virtual-8086 mode"] = ["push 0x20002", "popf", "pushf", "pop eax", "push 0", "push 0", "push 0", "push 0", "push 0x7000", "push 0x1000", "push 0x23002", "push 0", "push 0x2000", "iret"],
        ["leaves protected mode and comes back"] = ["mov eax, cr0", "and eax, 0xfffffffe", "mov cr0, eax", "mov eax, cr0", "or eax, 1", "mov cr0, eax", "jmp -24"],
        ["writes every control register"] = ["mov eax, 0xffffffff", "mov cr4, eax"],
        ["debug registers"] = ["mov eax, 0x100020", "mov dr0, eax", "mov eax, 0x3ff", "mov dr7, eax", "nop", "nop", "nop", "jmp -5"],
        ["VMX with nothing in the VMCS"] = [.. EnterVmx, "vmlaunch", "vmresume", "vmread eax, ebx", "vmcall", "vmxoff", "vmlaunch"],
        ["writes all over its VMCS and enters"] =
            [.. EnterVmx, "mov esi, 0x202004", "mov eax, 0x12345677", "mov ecx, 500", "mov dword [esi], eax", "imul eax, 69069", "add eax, 1", "add esi, 4", "dec ecx", "jne -15", "vmlaunch", "sub esi, 2000", "mov ecx, 500", "jmp -30"],
        ["writes every VMCS field and enters"] =
            [.. EnterVmx, "xor ebx, ebx", "mov eax, 0x12345677", "vmwrite ebx, eax", "imul eax, 69069", "inc ebx", "cmp ebx, 0x6c18", "jne -16", "vmlaunch", "vmresume", "jmp -32"],
        ["its own VMCS as page directory, and as VMXON region"] =
            [.. EnterVmx, "mov dword [0x300000], 0x202000", "vmxon [0x300000]", "vmptrld [0x300000]", "mov eax, 0x202000", "mov cr3, eax", "vmlaunch", "nop"],
        ["halts with interrupts off"] = ["cli", "hlt"],
        ["sets single step"] = ["pushf", "or dword [esp], 0x100", "popf", "nop", "nop"],
        ["writes model-specific registers"] = ["mov ecx, 0x174", "mov eax, 8", "xor edx, edx", "wrmsr", "mov ecx, 0x175", "wrmsr", "mov ecx, 0x176", "mov eax, 0x180000", "wrmsr", "sysenter"],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void EndsAsOnTheBareMachine(string name)
    {
        byte[] image = new byte[Handlers - Origin + 0x100];
        Assemble(Guests[name], Origin).CopyTo(image, 0);
        // Handlers and ring 3's code: asks for everything that is not its own.
        Assemble(["mov eax, cr3", "cli", "call 0x28:0", "int 0x80", "jmp -14"], Handlers).CopyTo(image, Handlers - Origin);
        void Describe(PcBuilder b) => (b.Kernel, b.RawAddress, b.MemorySize) = (new ImageFile(name, image), Origin, 16 << 20);
        foreach ((CriticalPolicy policy, PagingPolicy paging) in Enum.GetValues<CriticalPolicy>().SelectMany(_ => Enum.GetValues<PagingPolicy>(), (c, p) => (c, p)))
        {
            using Hosted bare = new((Action<PcBuilder>)Describe, null), hosted = new((Action<PcBuilder>)Describe, policy, paging: paging);
            object expected = bare.Run(Budget), actual = hosted.Run(Budget);
            MonitorStatistics statistics = hosted.Statistics.Single();
            output.WriteLine($"{policy}, {paging}: {actual}, {statistics.Direct} direct, {statistics.Interpreted} interpreted, {statistics.Exits} exits");
            Assert.Equal(0, statistics.Violations);
            Assert.Null(hosted.ShadowProblem);
            if (policy == CriticalPolicy.Trust)
                continue;
            Assert.Equal(expected, actual);
            Assert.Equal(bare.HashState(), hosted.HashState());
        }
    }

    private static byte[] Assemble(string[] lines, uint origin)
    {
        var code = new List<byte>();
        Span<byte> bytes = stackalloc byte[16];
        var mode = new X86DecodeMode { osz = 32, asz = 32, ssz = 32 };
        foreach (string line in lines)
        {
            ulong pc = origin + (ulong)code.Count;

            // Jumps name their distance from their own beginning.
            string text = line.StartsWith('j') && line.Split(' ') is [var jump, var distance] && int.TryParse(distance, out int by) ? $"{jump} short 0x{(uint)(pc + (ulong)by):x}" : line;
            Assert.True(X86Assembler.TryAssemble(in mode, pc, text, bytes, out int length, out string error), $"{line}: {error}");
            code.AddRange(bytes[..length]);
        }

        return [.. code];
    }
}
