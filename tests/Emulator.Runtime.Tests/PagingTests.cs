using Emulator.Runtime.Tests.Toy;
using static Emulator.Runtime.Tests.Toy.ToyMachine;

namespace Emulator.Runtime.Tests;

public sealed unsafe class PagingTests
{
    private const uint Table = 0x30000;

    private static ToyMachine Paged()
    {
        var m = new ToyMachine();
        m.EnablePaging();
        m.Put(Toy.Toy.Vector, Op(ToyOp.Stop));
        return m;
    }

    [Fact]
    public void AStoreAcrossPagesChecksBothBeforeItWrites()
    {
        using var m = Paged();
        m.Put(Table + 4 * 6, 0x6001);
        m.Put(0, Op(ToyOp.Store, 1, 2, 0));
        (m.State->R[1], m.State->R[2]) = (0xAABBCCDD, 0x5FFE);
        m.Cpu.Run(1);
        Assert.Equal(((uint)Toy.Toy.TrapPage, 1ul, 0x6000ul, 0u), (m.State->Cause, m.State->CauseA, m.State->CauseB, m.State->SavedPc));
        Assert.Equal(0u, m.Word(0x5FFE));

        m.Put(Table + 4 * 6, 0x9003);
        m.State->Pc = 0;
        m.State->InTrap = 0;
        m.Cpu.Run(1);
        Assert.Equal((0xCCDDul, 0xAABBul, 0ul), (m.Memory.Read(0x5FFE, 2), m.Memory.Read(0x9000, 2), m.Memory.Read(0x6000, 2)));
    }

    [Fact]
    public void AModifyOfAReadOnlyPageFaultsAsAWrite()
    {
        using var m = Paged();
        m.Put(Table + 4 * 5, 0x5001);
        m.Put(0, Op(ToyOp.Load, 3, 2, 0), Op(ToyOp.Modify, 1, 2, 0));
        m.State->R[2] = 0x5000;
        m.Cpu.Run(2);
        Assert.Equal(((uint)Toy.Toy.TrapPage, 1ul, 4u), (m.State->Cause, m.State->CauseA, m.State->SavedPc));
    }

    [Fact]
    public void TranslationsAreCachedUntilFlushed()
    {
        using var m = Paged();
        m.Put(0, Op(ToyOp.Load, 1, 5, 0), Op(ToyOp.Store, 6, 7, 0), Op(ToyOp.Load, 2, 5, 0), Op(ToyOp.Flush), Op(ToyOp.Load, 3, 5, 0), Op(ToyOp.Stop));
        m.Put(0x5000, 0x55).Put(0x6000, 0x66);
        (m.State->R[5], m.State->R[6], m.State->R[7]) = (0x5000, 0x6007, Table + 4 * 5);
        Assert.Equal(RunReason.Stopped, m.Cpu.Run(100).Reason);
        Assert.Equal((0x55u, 0x55u, 0x66u), (m.State->R[1], m.State->R[2], m.State->R[3]));
    }

    [Fact]
    public void AnInstructionAcrossPagesFollowsTheMapOfBoth()
    {
        using var m = Paged();
        var add = Op(ToyOp.Add, 1, 1, 1);
        m.Memory.Write(0x1FFD, 3, add & 0xFFFFFF);
        m.Memory.Write(0x2000, 1, 1);
        m.Put(0x2001, Op(ToyOp.Out, 1, 0, 0));
        m.Memory.Write(0x3000, 1, 9);
        m.Put(0x3001, Op(ToyOp.Out, 1, 0, 0));
        m.State->Pc = 0x1FFD;
        m.Cpu.Run(1);
        Assert.Equal(1u, m.State->R[1]);
        m.State->Pc = 0x1FFD;
        m.Cpu.Run(2);
        Assert.Equal((2u, 1), (m.State->R[1], m.Log.Count));

        // The same virtual address, another second page.
        m.Put(Table + 4 * 2, 0x3007);
        m.Cpu.FlushTranslations();
        m.State->Pc = 0x1FFD;
        m.Cpu.Run(2);
        Assert.Equal((11u, 2), (m.State->R[1], m.Log.Count));

        // A write to its last byte is noticed.
        m.Memory.Write(0x3000, 1, 20);
        m.State->Pc = 0x1FFD;
        m.Cpu.Run(1);
        Assert.Equal(31u, m.State->R[1]);

        // And a missing second page faults there, with nothing executed.
        m.Put(Table + 4 * 2, 0);
        m.Cpu.FlushTranslations();
        m.State->Pc = 0x1FFD;
        Assert.Equal(new RunResult(RunReason.Budget, 1), m.Cpu.Run(1));
        Assert.Equal(((uint)Toy.Toy.TrapPage, 2ul, 0x2000ul, 0x1FFDu), (m.State->Cause, m.State->CauseA, m.State->CauseB, m.State->SavedPc));
        Assert.Equal(31u, m.State->R[1]);
    }

    [Fact]
    public void ABlockStopsBeforeAPageThatCannotBeFetched()
    {
        using var m = Paged();
        m.Put(Table + 4 * 2, 0);
        m.Put(0x1FF8, Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Add, 1, 1, 1));
        m.State->Pc = 0x1FF8;
        m.Cpu.Run(2);
        Assert.Equal((2u, 0x2000u, (byte)0), (m.State->R[1], m.State->Pc, m.State->InTrap));
        m.Cpu.Run(1);
        Assert.Equal((0x2000ul, 0x2000u), (m.State->CauseB, m.State->SavedPc));
    }

    [Fact]
    public void UserModeHasItsOwnTranslations()
    {
        using var m = Paged();
        m.Put(Table + 4 * 5, 0x5003);
        m.Put(0, Op(ToyOp.Load, 1, 2, 0), Op(ToyOp.SetUser), Op(ToyOp.Add, 3, 3, 1), Op(ToyOp.Load, 1, 2, 0));
        m.State->R[2] = 0x5000;
        m.Cpu.Run(4);
        Assert.Equal(((uint)Toy.Toy.TrapPage, 12u, (byte)1), (m.State->Cause, m.State->SavedPc, m.State->SavedUser));

        // Code that only the supervisor may fetch, though the supervisor has executed it.
        m.State->InTrap = 0;
        m.Put(Table, 3);
        m.Cpu.FlushTranslations();
        m.State->Pc = 0;
        m.Cpu.Run(2);
        Assert.Equal(1, m.State->User);
        m.Cpu.Run(1);
        Assert.Equal((2ul, 8ul), (m.State->CauseA, m.State->CauseB));
    }

    [Fact]
    public void CodeIsFoundByPhysicalAddress()
    {
        using var m = Paged();
        m.Put(0x5000, Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Out, 1, 0, 0));
        m.Put(0x6000, Op(ToyOp.Add, 1, 1, 10), Op(ToyOp.Out, 1, 0, 0));
        for (var i = 0; i < 3; i++)
        {
            m.Put(Table + 4 * 7, 0x5007);
            m.Cpu.FlushTranslations();
            m.State->Pc = 0x7000;
            m.Cpu.Run(2);
            m.Put(Table + 4 * 7, 0x6007);
            m.Cpu.FlushTranslations();
            m.State->Pc = 0x7000;
            m.Cpu.Run(2);
        }

        Assert.Equal(33u, m.State->R[1]);
        Assert.Equal(2, m.Cpu.Engine.Statistics.BlocksBuilt);

        // A write through another virtual address reaches the code too.
        m.Put(0, Op(ToyOp.Store, 2, 3, 0), Branch(ToyOp.Jump, 0, 0x6FFC));
        (m.State->R[2], m.State->R[3], m.State->Pc) = (Op(ToyOp.Add, 1, 1, 100), 0x6000, 0);
        m.Cpu.Run(4);
        Assert.Equal(133u, m.State->R[1]);
    }

    [Fact]
    public void CodeInADeviceIsExecuted()
    {
        using var m = new ToyMachine();
        var code = new uint[] { Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Stop) };
        m.Memory.MapDevice(0x200000, 0x1000, new DelegateDevice((offset, _) => code[offset / 4] >> (8 * (int)(offset % 4)), null));
        m.State->Pc = 0x200000;
        Assert.Equal(new RunResult(RunReason.Stopped, 3), m.Cpu.Run(100));
        Assert.Equal(2u, m.State->R[1]);
    }

    [Fact]
    public void WideAccessesThroughTheSlowPath()
    {
        using var m = Paged();
        var h = m.Cpu.State;
        var value = new UInt128(0x0102030405060708, 0x1112131415161718);
        foreach (var address in new ulong[] { 0x5000, 0x5FF8, 0x5FF1, 0x5FFF })
        {
            MemoryAccess.Write128(h, Toy.Toy.Lin, address, value, 0);
            Assert.Equal(value, MemoryAccess.Read128(h, Toy.Toy.Lin, address, 0));
            Assert.Equal(value, MemoryAccess.ReadForWrite128(h, Toy.Toy.Lin, address, 0));
            Assert.Equal((ulong)value, MemoryAccess.Read64(h, Toy.Toy.Lin, address, 0));
            Assert.Equal(0x1718u, MemoryAccess.Read16(h, Toy.Toy.Lin, address, 0));
        }

        m.Put(Table + 4 * 6, 0x6001);
        m.Cpu.FlushTranslations();
        MemoryAccess.Write128(h, Toy.Toy.Lin, 0x5FF0 + 1, 0, 0);
        Assert.Equal(Toy.Toy.TrapPage + 1u, h->Trap);
        h->Trap = 0;
        Assert.Equal(value >> 112, MemoryAccess.Read128(h, Toy.Toy.Lin, 0x5FFF, 0) >> 112);
    }
}
