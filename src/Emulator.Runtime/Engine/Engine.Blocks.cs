using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class Engine<TIsa>
{
    private const ulong PageMask = 0xFFF;
    private const int LookAhead = 64;

    private readonly PagedMemory? _fetchPaged;
    private readonly Bus _fetchBus;
    private readonly PhysicalMemory? _physical;
    private readonly DecodeContexts _contexts;
    private ulong _key;
    private ulong _salt;
    private ulong _generation;
    private ulong _fetchGeneration;
    private int _contextId = -1;
    private int _mode;
    private long _blocksBuilt;
    private long _operationsDecoded;
    private long _arenaFlushes;

    /// <summary>Brings what depends on decode context, fetch mode and fetch translations up to date.</summary>
    private void RefreshContext()
    {
        var mode = TIsa.MemoryMode(_h, TIsa.FetchMemory);
        if (_h->ContextStale == 0 && mode == _mode)
        {
            return;
        }

        _h->ContextStale = 0;
        _mode = mode;
        TIsa.GetDecodeContext(_h, _contexts.Scratch);
        if (_contextId < 0 || !_contexts.IsCurrent)
        {
            if (_contexts.IsFull)
            {
                FlushArena();
            }

            _contextId = _contexts.Find();
            _salt = CodeCache.Salt(_contextId);
        }

        if (_fetchPaged != null && _fetchPaged.Generation != _fetchGeneration)
        {
            _fetchGeneration = _fetchPaged.Generation;
            _generation++;
        }

        SetKey();
    }

    /// <summary>Generations are never used twice, so that no jump entry of an earlier one is ever mistaken for valid.</summary>
    private void SetKey() => _key = (_generation << 18) | ((ulong)(uint)_contextId << 1) | (uint)_mode;

    private void FlushArena()
    {
        _cache.Clear();
        _arenaFlushes++;
        _generation++;
        _contexts.Clear();
        _contextId = -1;
    }

    private Block* Lookup(ulong pc)
    {
        var jump = _cache.Jumps + CodeCache.JumpIndex(pc, _salt);
        if (jump->Pc != pc || jump->Key != _key)
        {
            jump = Find(pc);
        }

        return jump == null ? null : jump->Block;
    }

    /// <summary>Finds or builds the block at a pc and enters it in the jump cache. Null when there is none: the budget is used up, the fetch faulted (the
    /// trap is delivered), or the instruction cannot be cached (it was executed).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private JumpEntry* Find(ulong pc)
    {
        var h = _h;
        if (h->Remaining <= 0)
        {
            return null;
        }

        _context.DevicesAllowed = true;
        if (!FetchAt(pc, out var code, out var host, out var physical))
        {
            FetchFault();
            return null;
        }

        var block = host == null ? null : _cache.Find(pc, _contextId, physical);
        if (block != null && block->Physical2 != Block.None && !SecondPageIsSame(block))
        {
            _cache.Drop(block);
            block = null;
        }

        if (block == null)
        {
            block = Build(pc, code, host, physical);
            if (block == null)
            {
                return null;
            }
        }

        var jump = _cache.Jumps + CodeCache.JumpIndex(pc, _salt);
        jump->Pc = pc;
        jump->Key = _key;
        jump->Block = block;
        jump->Count = block->Count;
        _context.DevicesAllowed = false;
        return jump;
    }

    /// <summary>The trap pending is of the fetch of the next instruction, which counts as started.</summary>
    private void FetchFault()
    {
        if (_exits != null)
        {
            Exit(VmExitKind.Trap, null);
            return;
        }

        _h->Remaining--;
        Deliver(null);
    }

    private bool SecondPageIsSame(Block* block)
    {
        var pc = (block->Pc + (ulong)block->FirstLength) & _pcMask;
        if (FetchAt(pc, out _, out _, out var physical))
        {
            return (physical & ~PageMask) == block->Physical2;
        }

        _h->Trap = 0;
        return false;
    }

    /// <summary>Where the code byte at a pc is. False with the trap pending when it may not be fetched.</summary>
    private bool FetchAt(ulong pc, out ulong code, out byte* host, out ulong physical)
    {
        code = TIsa.CodeAddress(_h, pc);
        host = null;
        physical = code;
        if (_h->Trap != 0)
        {
            return false;
        }

        if (_fetchPaged != null)
        {
            if (!_fetchPaged.Fetch(_h, code, _mode, out host, out physical))
            {
                return false;
            }
        }
        else if (_physical != null)
        {
            physical = _physical.MaskAddress(code);
        }

        if (host == null && _physical != null && _physical.TryGetHostPage(physical, write: false, out var page))
        {
            host = page + (physical & PageMask);
        }

        return true;
    }

    /// <summary>Bytes from a pc on that lie at consecutive addresses from <paramref name="code"/> on and may be fetched; at most <paramref name="limit"/>.</summary>
    private int Consecutive(ulong pc, ulong code, int limit)
    {
        if (limit > 1 && TIsa.CodeAddress(_h, (pc + (ulong)limit - 1) & _pcMask) == code + (ulong)limit - 1 && _h->Trap == 0
            && pc + (ulong)limit - 1 <= _pcMask)
        {
            return limit;
        }

        var count = 1;
        _h->Trap = 0;
        while (count < limit && pc + (ulong)count <= _pcMask
            && TIsa.CodeAddress(_h, pc + (ulong)count) == code + (ulong)count && _h->Trap == 0)
        {
            count++;
        }

        _h->Trap = 0;
        return count;
    }

    /// <summary>Decodes the block at a pc. Null when its first instruction cannot be fetched (the trap is delivered) or cached (it is executed).</summary>
    private Block* Build(ulong pc, ulong code, byte* host, ulong physical)
    {
        var h = _h;
        if (!_cache.HasRoom(MaxBlockLength + 1))
        {
            FlushArena();
            _contextId = _contexts.Find();
            _salt = CodeCache.Salt(_contextId);
            SetKey();
        }

        var block = _cache.Reserve();
        *block = default;
        block->Pc = pc;
        block->Physical = physical;
        block->Physical2 = Block.None;
        block->Context = _contextId;
        var ops = (DecodedOp*)(block + 1);
        var inPage = 4096 - (int)(physical & PageMask);
        var offset = 0;
        var examined = 0;
        var count = 0;
        var ended = false;
        while (!ended && count < MaxBlockLength && offset < inPage)
        {
            var at = pc + (ulong)offset;
            if (at > _pcMask || (count > 0 && !IsAt(at, code + (ulong)offset)))
            {
                break;
            }

            var op = ops + count;
            *op = default;
            var available = host == null ? 0 : Consecutive(at, code + (ulong)offset, Math.Min(TIsa.MaxInstructionLength, inPage - offset));
            var length = host == null ? 0 : TIsa.Decode(h, host + offset, available, at, op);
            if (length == 0)
            {
                if (count > 0)
                {
                    // It begins a block of its own, so that the next page is fetched from, which the page tables remember, only when control comes there.
                    break;
                }

                length = DecodeAcross(at, code + (ulong)offset, inPage - offset, op, out available, out var page2);
                if (length == 0)
                {
                    FetchFault();
                    return null;
                }

                if (host == null || page2 == Block.None)
                {
                    Finish(op, at, length, 0);
                    if (_exits != null)
                    {
                        // From code that cannot be kept: the monitor's affair.
                        Exit(VmExitKind.Device, null);
                        return null;
                    }

                    _scratch[0] = *op;
                    ExecuteScratch(1);
                    return null;
                }

                block->Physical2 = available > inPage - offset ? page2 : Block.None;
                ended = true;
            }

            ended |= Finish(op, at, length, count);
            examined = length < 0 ? offset + available : offset + length;
            offset += Math.Max(length, 0);
            count++;
        }

        if (!ended)
        {
            SetEnd(ops + count, (pc + (ulong)offset) & _pcMask, count);
        }
        else if ((ops[count - 1].Flags & OpFlags.EndsBlock) == 0)
        {
            ended = false;
            SetEnd(ops + count, (pc + (ulong)offset) & _pcMask, count);
        }

        if (block->Physical2 != Block.None && examined <= inPage)
        {
            block->Physical2 = Block.None;
        }

        TIsa.Specialise(ops, count);
        if (_exits != null)
        {
            for (var i = 0; i < count; i++)
            {
                if (IsIntercepted(ops[i].Variant))
                {
                    ops[i].Handler = &Intercept;
                }
            }
        }

        block->Count = (ushort)count;
        block->Length = (ushort)examined;
        _cache.Add(block, count + (ended ? 0 : 1));
        _blocksBuilt++;
        _operationsDecoded += count;
        return block;
    }

    private bool IsAt(ulong pc, ulong code)
    {
        var same = TIsa.CodeAddress(_h, pc) == code && _h->Trap == 0;
        _h->Trap = 0;
        return same;
    }

    /// <summary>Completes a decoded operation, or makes one that raises the trap of the rejection. True when it ends the block.</summary>
    private bool Finish(DecodedOp* op, ulong pc, int length, int index)
    {
        if (length < 0)
        {
            *op = default;
            op->Handler = &Reject;
            op->W0 = _h->Trap;
            op->U0 = _h->TrapA;
            op->U1 = _h->TrapB;
            op->Flags = OpFlags.EndsBlock | OpFlags.AlwaysJumps | OpFlags.MayTrap;
            op->Variant = ushort.MaxValue;
            _h->Trap = 0;
            length = 0;
        }

        op->Pc = pc;
        op->Index = (ushort)index;
        op->Length = (byte)length;
        return (op->Flags & OpFlags.EndsBlock) != 0;
    }

    /// <summary>Decodes an instruction whose bytes do not all lie in the page at hand, gathering them one by one.</summary>
    /// <param name="pc">Its pc.</param>
    /// <param name="code">Its address.</param>
    /// <param name="inPage">Bytes left in the page.</param>
    /// <param name="op">Where to decode to.</param>
    /// <param name="gathered">Bytes that could be fetched.</param>
    /// <param name="page2">Physical address of the second page when the bytes lie in two consecutive pages of host memory, else <see cref="Block.None"/>.</param>
    /// <returns>As <see cref="IIsa.Decode"/>; 0 leaves the trap of the first byte missing pending.</returns>
    private int DecodeAcross(ulong pc, ulong code, int inPage, DecodedOp* op, out int gathered, out ulong page2)
    {
        var h = _h;
        var bytes = stackalloc byte[LookAhead];
        var simple = true;
        page2 = Block.None;
        for (gathered = 0; gathered < Math.Min(TIsa.MaxInstructionLength, LookAhead); gathered++)
        {
            if (!FetchAt((pc + (ulong)gathered) & _pcMask, out var address, out var host, out var physical))
            {
                break;
            }

            bytes[gathered] = host != null ? *host : (byte)_fetchBus.Read(physical, 1);
            simple &= host != null && (address == code + (ulong)gathered || (gathered >= inPage && (address & PageMask) == (ulong)(gathered - inPage)));
            if (gathered == inPage)
            {
                page2 = physical & ~PageMask;
            }
        }

        var (trap, a, b) = (h->Trap, h->TrapA, h->TrapB);
        h->Trap = 0;
        if (!simple)
        {
            page2 = Block.None;
        }

        var length = gathered == 0 ? 0 : TIsa.Decode(h, bytes, gathered, pc, op);
        if (length == 0)
        {
            if (trap == 0)
            {
                throw new InvalidOperationException($"{TIsa.Name}: decoding at pc 0x{pc:x} wants more than {gathered} bytes, the most an instruction can have");
            }

            (h->Trap, h->TrapA, h->TrapB) = (trap, a, b);
        }

        return length;
    }
}
