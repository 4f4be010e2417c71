using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>Decoded blocks in native memory: found by program counter, context and physical address; dropped by physical address.</summary>
internal sealed unsafe class CodeCache : ICodeWatcher, IDisposable
{
    private const int HashSize = 1 << 15;
    private const int JumpBits = 12;
    private const int JumpSize = 1 << JumpBits;
    private const ulong PageMask = 0xFFF;

    private readonly delegate*<CpuHeader*, DecodedOp*, DecodedOp*> _leave;
    private readonly CpuHeader* _state;
    private readonly PhysicalMemory? _physical;
    private readonly NativeBlock _tables;
    private readonly NativeBlock _arena;
    private readonly Block** _hash;
    private readonly Dictionary<ulong, nint> _pages = [];
    private byte* _free;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="state">The CPU, to be told when a block is dropped.</param>
    /// <param name="physical">Where the code lies, or null when its bytes cannot be watched.</param>
    /// <param name="arenaSize">Bytes for blocks.</param>
    /// <param name="leave">The handler put into every operation of a dropped block.</param>
    public CodeCache(CpuHeader* state, PhysicalMemory? physical, int arenaSize, delegate*<CpuHeader*, DecodedOp*, DecodedOp*> leave)
    {
        _state = state;
        _leave = leave;
        _physical = physical;
        _tables = new NativeBlock((nuint)(JumpSize * sizeof(JumpEntry) + HashSize * sizeof(Block*)));
        Jumps = (JumpEntry*)_tables.Pointer;
        _hash = (Block**)(Jumps + JumpSize);
        _arena = new NativeBlock((nuint)arenaSize);
        _free = _arena.Pointer;
        physical?.AddCodeWatcher(this);
    }

    /// <summary>The jump cache, indexed by <see cref="JumpIndex"/>.</summary>
    public JumpEntry* Jumps { get; }

    /// <summary>Blocks dropped so far.</summary>
    public long Dropped { get; private set; }

    /// <summary>When a copy of a block's operations is running: the block, the copy and its length, to be left as well when the block is dropped.</summary>
    public Block* CopiedBlock { get; set; }

    /// <inheritdoc cref="CopiedBlock"/>
    public DecodedOp* Copy { get; set; }

    /// <inheritdoc cref="CopiedBlock"/>
    public int CopyLength { get; set; }

    /// <summary>What a context adds to the index of its jump entries.</summary>
    public static ulong Salt(int context) => (ulong)context * 0x2545F491UL;

    public static ulong JumpIndex(ulong pc, ulong salt) => (pc ^ (pc >> JumpBits) ^ salt) & (JumpSize - 1);

    /// <summary>Whether a block of so many operations fits.</summary>
    public bool HasRoom(int operations) => _arena.Pointer + _arena.Length - _free >= Size(operations);

    /// <summary>Room for the head and the operations of a block; <see cref="Add"/> keeps it.</summary>
    public Block* Reserve() => (Block*)_free;

    public Block* Find(ulong pc, int context, ulong physical)
    {
        for (var block = *Bucket(pc, context, physical); block != null; block = block->HashNext)
        {
            if (block->Pc == pc && block->Physical == physical && block->Context == context)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Enters the block built in reserved room; <paramref name="operations"/> counts the end operation too.</summary>
    public void Add(Block* block, int operations)
    {
        _free += Size(operations);
        var bucket = Bucket(block->Pc, block->Context, block->Physical);
        block->HashNext = *bucket;
        *bucket = block;

        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, block->Physical & ~PageMask, out _);
        block->PageNext = (Block*)head;
        head = (nint)block;
        _physical!.MarkCode(block->Physical, block->FirstLength);
        if (block->Physical2 != Block.None)
        {
            if (block->Physical2 != (block->Physical & ~PageMask))
            {
                ref var head2 = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, block->Physical2, out _);
                block->PageNext2 = (Block*)head2;
                head2 = (nint)block;
            }

            _physical.MarkCode(block->Physical2, block->Length - block->FirstLength);
        }
    }

    /// <summary>Drops a block: nobody finds it again, and whoever runs it leaves it after the current instruction.</summary>
    public void Drop(Block* block)
    {
        Dropped++;

        // A restartable instruction that wrote into its own bytes looks at this at its next commit, and is decoded afresh.
        _state->ContextStale = 1;
        var link = Bucket(block->Pc, block->Context, block->Physical);
        while (*link != block)
        {
            link = &(*link)->HashNext;
        }

        *link = block->HashNext;
        Unlink(block, block->Physical & ~PageMask);
        if (block->Physical2 != Block.None && block->Physical2 != (block->Physical & ~PageMask))
        {
            Unlink(block, block->Physical2);
        }

        var jump = Jumps + JumpIndex(block->Pc, Salt(block->Context));
        if (jump->Block == block)
        {
            jump->Key = 0;
        }

        Patch((DecodedOp*)(block + 1), block->Count);
        if (CopiedBlock == block)
        {
            Patch(Copy, CopyLength);
        }
    }

    /// <summary>Forgets every block. Marks of decoded bytes stay until the next write there, which costs nothing but time.</summary>
    public void Clear()
    {
        new Span<byte>(_tables.Pointer, (int)_tables.Length).Clear();
        _pages.Clear();
        _free = _arena.Pointer;
    }

    /// <inheritdoc/>
    public void OnCodeModified(ulong page, int offset, int length, ulong* bits)
    {
        if (!_pages.TryGetValue(page, out var head))
        {
            return;
        }

        for (var block = (Block*)head; block != null;)
        {
            var inFirst = (block->Physical & ~PageMask) == page;
            var next = inFirst ? block->PageNext : block->PageNext2;
            var first = inFirst ? (int)(block->Physical & PageMask) : 0;
            var count = inFirst ? block->FirstLength : block->Length - block->FirstLength;
            var hit = first < offset + length && offset < first + count;
            if (inFirst && block->Physical2 == page)
            {
                // Both virtual pages of the last instruction are this page.
                hit |= offset < block->Length - block->FirstLength;
            }

            if (hit)
            {
                Drop(block);
            }
            else
            {
                CodeBitmap.Mark(bits, first, count);
                if (inFirst && block->Physical2 == page)
                {
                    CodeBitmap.Mark(bits, 0, block->Length - block->FirstLength);
                }
            }

            block = next;
        }
    }

    public void Dispose()
    {
        _physical?.RemoveCodeWatcher(this);
        _tables.Dispose();
        _arena.Dispose();
    }

    private static int Size(int operations) => sizeof(Block) + operations * sizeof(DecodedOp);

    private Block** Bucket(ulong pc, int context, ulong physical)
    {
        var hash = (pc ^ (physical << 7) ^ Salt(context)) * 0x9E3779B97F4A7C15UL;
        return _hash + (hash >> 49);
    }

    private void Patch(DecodedOp* operations, int count)
    {
        for (var i = 0; i < count; i++)
        {
            operations[i].Handler = _leave;
        }
    }

    private void Unlink(Block* block, ulong page)
    {
        ref var head = ref CollectionsMarshal.GetValueRefOrNullRef(_pages, page);
        if ((Block*)head == block)
        {
            var next = Next(block, page);
            if (next == null)
            {
                _pages.Remove(page);
            }
            else
            {
                head = (nint)next;
            }

            return;
        }

        for (var previous = (Block*)head; previous != null; previous = Next(previous, page))
        {
            if (Next(previous, page) == block)
            {
                if ((previous->Physical & ~PageMask) == page)
                {
                    previous->PageNext = Next(block, page);
                }
                else
                {
                    previous->PageNext2 = Next(block, page);
                }

                return;
            }
        }
    }

    private static Block* Next(Block* block, ulong page) => (block->Physical & ~PageMask) == page ? block->PageNext : block->PageNext2;
}
