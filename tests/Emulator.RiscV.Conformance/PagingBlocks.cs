using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Single accesses through random page tables, in supervisor and user mode, with every combination of SUM and MXR: loads, stores, and fetches.</summary>
/// <remarks>
/// Every page of tables is filled alike with entries that point to others, map pages and large pages, or are not valid, so that every walk ends. What is executable are pages
/// of ECALLs; what is stored reads as ECALL, too. Where a large page would reach the harness, addresses are chosen so that they do not.
/// </remarks>
internal sealed class PagingBlocks(RiscvWidth width, int seed)
{
    private const ulong V = 1, R = 2, W = 4, X = 8, Flags = 0xFF;
    private const uint Call = 0x73;
    private const ulong Status = 0x6000, Mprv = 1 << 17, Sum = 1 << 18, Mxr = 1 << 19;

    private readonly Random _random = new(seed);
    private readonly bool _wide = width.Xlen == 64;

    private enum Access
    {
        Load,
        Store,
        Fetch,
    }

    /// <summary>Fills the tables and the pages of ECALLs.</summary>
    public void Fill(Image image)
    {
        for (ulong at = Layout.Tables; at < Layout.Tables + Layout.TablesSize; at += (ulong)width.Word)
            image.Write(at, Entry(), width.Word);
        for (ulong at = Layout.Calls; at < Layout.Calls + Layout.CallsSize; at += 4)
            image.Write(at, Call, 4);
    }

    /// <summary>The next access.</summary>
    public Block Next(ulong address)
    {
        var access = (Access)_random.Next(3);
        string load = _wide ? "ld" : "lw";
        string Constant(int index) => $"{(64 + (index * width.Word))}(t0)";
        ulong status = Status | ((ulong)_random.Next(2) << 11) | (access == Access.Fetch ? 0 : Mprv) | (_random.Next(2) == 0 ? Sum : 0) | (_random.Next(2) == 0 ? Mxr : 0);
        string[] loads = _wide ? ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"] : ["lb", "lbu", "lh", "lhu", "lw"];
        string[] stores = _wide ? ["sw", "sd"] : ["sw"];
        string[] lines =
        [
            "auipc t0, 0x0", $"{load} t1, {Constant(0)}", $"{load} t2, {Constant(1)}", $"{load} a1, {Constant(2)}", $"{load} a2, {Constant(3)}",
            "addi t3, zero, -1", "csrrw zero, pmpaddr0, t3", "csrrwi zero, pmpcfg0, 0x1f", "csrrw zero, satp, t1", "sfence.vma zero, zero",
            .. access switch
            {
                Access.Load => (string[])["csrrw zero, mstatus, t2", $"{loads[_random.Next(loads.Length)]} a0, 0(a1)"],
                Access.Store => ["csrrw zero, mstatus, t2", $"{stores[_random.Next(stores.Length)]} a2, 0(a1)"],
                _ => ["csrrw zero, mepc, a1", "csrrw zero, mstatus, t2", "mret"],
            },
            "ecall",
        ];
        byte[] code = RiscvCode.Assemble(width.Xlen, address, lines);
        var block = new byte[64 + (4 * width.Word)];
        code.CopyTo(block, 0);
        ulong root = Root();
        ulong[] constants = [root, status, IsBare(root) ? Physical(access) : Address(access), _wide ? (Call * 0x1_0000_0001ul) : Call];
        for (int i = 0; i < constants.Length; i++)
            BitConverter.GetBytes(constants[i]).AsSpan(0, width.Word).CopyTo(block.AsSpan(64 + (i * width.Word)));

        return new Block(address, block, [-1]);
    }

    private static ulong Page(ulong region, ulong size, Random random) => region + ((ulong)random.Next((int)(size >> 12)) << 12);

    private ulong Entry()
    {
        ulong flags = ((ulong)_random.NextInt64() & Flags) | V;
        switch (_random.Next(20))
        {
            case < 9: // a pointer, now and then with bits that are reserved in one
                return Make(Page(Layout.Tables, Layout.TablesSize, _random), _random.Next(8) == 0 ? flags & ~(R | W | X) : V);
            case < 17:
                flags |= (flags & (R | W | X)) == 0 ? R : 0;
                if (_random.Next(3) != 0)
                    return Make((flags & X) != 0 ? Page(Layout.Calls, Layout.CallsSize, _random) : Page(Layout.Tables, Layout.TablesSize, _random), flags);

                // A large page; the largest begins at the harness, and is not written.
                return _wide && _random.Next(2) == 0
                    ? Make(Layout.Base, flags & ~W | R)
                    : Make((flags & X) != 0 ? Layout.Calls : _wide ? Layout.Tables : Layout.Tables & ~0x3F_FFFFul, flags);
            case < 19:
                return (ulong)_random.NextInt64() & ~V; // not valid, whatever else it says
            default:
                // Reserved bits. On RV32 there are none; of addresses above 4 GB QEMU 7.2 does not say that nothing is there.
                return _wide ? Make(Page(Layout.Tables, Layout.TablesSize, _random), flags) | (1ul << _random.Next(54, 64)) : 0;
        }
    }

    private static ulong Make(ulong address, ulong flags) => (address >> 12 << 10) | flags;

    /// <summary>A value for satp; rarely one without translation.</summary>
    private ulong Root()
    {
        ulong mode = _wide ? (ulong)(_random.Next(10) == 0 ? 0 : _random.Next(8, 10)) << 60 : _random.Next(10) == 0 ? 0 : 1ul << 31;
        return mode | (Page(Layout.Tables, Layout.TablesSize, _random) >> 12);
    }

    private bool IsBare(ulong root) => root >> (_wide ? 60 : 31) == 0;

    /// <summary>An address without translation: memory, or nothing.</summary>
    private ulong Physical(Access access) => _random.Next(4) == 0
        ? Layout.Base + 0x1000_0000ul + ((ulong)_random.Next(0x1000) << 3)
        : (access == Access.Fetch ? Layout.Calls : Layout.Tables) + ((ulong)_random.Next(0x1000) << 3);

    private ulong Address(Access access)
    {
        // Aligned: for misaligned accesses that fault QEMU 7.2 often has an aligned mtval, which is no address of the access.
        ulong offset = (ulong)_random.Next(512) << 3;
        if (!_wide)
        {
            // Within a large page stores keep to the tables, and fetches to the ECALLs.
            ulong half = access switch { Access.Load => (ulong)_random.Next(2), Access.Store => 1, _ => 0 };
            return ((ulong)_random.Next(1024) << 22) | (half << 21) | ((ulong)_random.Next(512) << 12) | offset;
        }

        ulong middle = access switch
        {
            Access.Store => (Layout.Tables >> 21) & 511,
            Access.Fetch => (Layout.Calls >> 21) & 511,
            _ => _random.Next(2) == 0 ? (Layout.Tables >> 21) & 511 : (ulong)_random.Next(0x30, 0x60),
        };
        ulong address = ((ulong)_random.Next(512) << 39) | ((ulong)_random.Next(512) << 30) | (middle << 21) | ((ulong)_random.Next(512) << 12) | offset;
        return _random.Next(12) switch
        {
            0 => address | ((ulong)_random.NextInt64() << 48),
            < 7 => (ulong)((long)(address << 25) >> 25),
            _ => (ulong)((long)(address << 16) >> 16),
        };
    }
}
