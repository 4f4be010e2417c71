using System.Buffers.Binary;

namespace Emulator.System.Tests.Guest;

/// <summary>The descriptor tables and task-state segments every scenario starts with.</summary>
internal static class Tables
{
    public const uint TssLimit = 0xFF;
    public const uint TaskTssLimit = 0x67;
    public const uint TaskTss16Limit = 0x2B;

    /// <summary>Contents of the memory from <see cref="Layout.Tables"/> on.</summary>
    public static byte[] Build()
    {
        var memory = new byte[Layout.TablesSize];
        Gdt(memory);
        for (var vector = 0; vector < 256; vector++)
        {
            // User code may ask for INT 30 up; the rest is for the processor.
            var gate = Descriptor.Gate(Selectors.Code0, Layout.Stubs + ((uint)vector * Layout.StubSize), Descriptor.InterruptGate32, vector >= 0x30 ? 3 : 0);
            Put(memory, Layout.Idt + ((uint)vector * 8), gate);
        }

        Put(memory, Layout.Ldt + 8, Descriptor.Flat(Descriptor.Data));
        Put(memory, Layout.Ldt + 16, Descriptor.Flat(Descriptor.Code));
        MainTask(memory);
        Task32(memory, Layout.TaskTss, Layout.Other32);
        Task32(memory, Layout.OtherTss, Layout.Other32);
        Task16(memory);
        return memory;
    }

    private static void Gdt(byte[] memory)
    {
        Entry(Selectors.Code0, Descriptor.Flat(Descriptor.Code));
        Entry(Selectors.Data0, Descriptor.Flat(Descriptor.Data));
        Entry(Selectors.Code3, Descriptor.Flat(Descriptor.Code, 3));
        Entry(Selectors.Data3, Descriptor.Flat(Descriptor.Data, 3));
        Entry(Selectors.Tss, Descriptor.Segment(Layout.Tss, TssLimit, Descriptor.Tss32));
        Entry(Selectors.Ldt, Descriptor.Segment(Layout.Ldt, Layout.LdtSize - 1, Descriptor.LdtType));
        Entry(Selectors.TaskTss, Descriptor.Segment(Layout.TaskTss, TaskTssLimit, Descriptor.Tss32));
        Entry(Selectors.TaskTss16, Descriptor.Segment(Layout.TaskTss16, TaskTss16Limit, Descriptor.Tss16));
        Entry(Selectors.Code16, Descriptor.Segment(Layout.Code16, 0xFFFF, Descriptor.Code, wide: false));
        Entry(Selectors.Data16, Descriptor.Segment(Layout.Stack16, 0xFFFF, Descriptor.Data, wide: false));
        Entry(Selectors.Conforming0, Descriptor.Flat(Descriptor.Conforming));
        Entry(Selectors.Code1, Descriptor.Flat(Descriptor.Code, 1));
        Entry(Selectors.Data1, Descriptor.Flat(Descriptor.Data, 1));
        Entry(Selectors.Code2, Descriptor.Flat(Descriptor.Code, 2));
        Entry(Selectors.Data2, Descriptor.Flat(Descriptor.Data, 2));
        Entry(Selectors.TaskGate, Descriptor.Gate(Selectors.TaskTss, 0, Descriptor.TaskGateType));
        Entry(Selectors.Code16User, Descriptor.Segment(Layout.Code16, 0xFFFF, Descriptor.Code, 3, wide: false));
        Entry(Selectors.Data16User, Descriptor.Segment(Layout.Stack16, 0xFFFF, Descriptor.Data, 3, wide: false));
        Entry(Selectors.OtherTss, Descriptor.Segment(Layout.OtherTss, TaskTssLimit, Descriptor.Tss32));
        Entry(Selectors.Conforming3, Descriptor.Flat(Descriptor.Conforming, 3));

        void Entry(int selector, ulong descriptor) => Put(memory, Layout.Gdt + ((uint)selector & 0xFFF8), descriptor);
    }

    /// <summary>The task scenarios start in: inner stacks, and an I/O bitmap that allows ports 40 to 47 but 44.</summary>
    private static void MainTask(byte[] memory)
    {
        const uint map = 0x68;
        Word(memory, Layout.Tss + 4, Layout.Inner0);
        Word(memory, Layout.Tss + 8, Selectors.Data0);
        Word(memory, Layout.Tss + 12, Layout.Inner1);
        Word(memory, Layout.Tss + 16, Selectors.Data1);
        Word(memory, Layout.Tss + 20, Layout.Inner2);
        Word(memory, Layout.Tss + 24, Selectors.Data2);
        Word(memory, Layout.Tss + 0x64, map << 16);
        memory.AsSpan((int)(Layout.Tss + map - Layout.Tables), 0x98).Fill(0xFF);
        memory[Layout.Tss + map + 8 - Layout.Tables] = 0x10;
    }

    private static void Task32(byte[] memory, uint at, uint entry)
    {
        Word(memory, at + 4, Layout.Inner0);
        Word(memory, at + 8, Selectors.Data0);
        Word(memory, at + 0x20, entry);
        Word(memory, at + 0x24, 2);
        for (var register = 0u; register < 8; register++)
            Word(memory, at + 0x28 + (register * 4), 0x7A570000 + register);
        Word(memory, at + 0x38, Layout.TaskStack);
        foreach (var (offset, selector) in new (uint, uint)[] { (0x48, 0x10), (0x4C, 8), (0x50, 0x10), (0x54, 0x10), (0x58, 0), (0x5C, 0x23) })
            Word(memory, at + offset, selector);
        Word(memory, at + 0x60, Selectors.Ldt);
        Word(memory, at + 0x64, 0x680000);
    }

    private static void Task16(byte[] memory)
    {
        const uint at = Layout.TaskTss16;
        ushort[] values =
        [
            0, (ushort)Layout.Stack16Top, Selectors.Data0, 0, 0, 0, 0, 0x300, 2,
            0x1601, 0x1602, 0x1603, 0x1604, Layout.Stack16Top, 0x1605, 0x1606, 0x1607,
            Selectors.Data0, Selectors.Code16, Selectors.Data16, Selectors.Data0, Selectors.Ldt,
        ];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(memory.AsSpan((int)(at - Layout.Tables) + (i * 2)), values[i]);
    }

    private static void Put(byte[] memory, uint at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan((int)(at - Layout.Tables)), value);

    private static void Word(byte[] memory, uint at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(memory.AsSpan((int)(at - Layout.Tables)), value);
}
