using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

public sealed partial class IrInterpreter
{
    private readonly Dictionary<IrAccess, BigInteger[]> accesses = new();

    private Flow Block(IrStmt.Block block, Dictionary<IrLocal, BigInteger> locals)
    {
        foreach (IrStmt statement in block.Statements)
        {
            Flow flow = Statement(statement, locals);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }

    private Flow Statement(IrStmt statement, Dictionary<IrLocal, BigInteger> locals)
    {
        // Running out of steps leaves like a trap; the caller sees which it was.
        if (++steps > MaxSteps) return Flow.Trap;
        switch (statement)
        {
            case IrStmt.Block b: return Block(b, locals);
            case IrStmt.Set s:
                locals[s.Variable] = Eval(s.Value, locals);
                return Flow.Next;
            case IrStmt.Call s: return CallStatement(s, locals);
            case IrStmt.WriteState s: return WriteAtom(s.Atom, s.Index is null ? 0 : Index(Eval(s.Index, locals)), Eval(s.Value, locals));
            case IrStmt.WriteRef s: return WriteReference(s.Variable, Eval(s.Value, locals));
            case IrStmt.WriteGroup s:
                Flow group = Call(s.Function, EvalAll(s.Arguments, locals), out BigInteger[] fields);
                for (int i = 0; group == Flow.Next && i < fields.Length; i++) group = WriteAtom(s.Group.Fields[i], 0, fields[i]);
                return group;
            case IrStmt.Load s:
                if (!Places(s.Memory, Address(s.Address, s.Mapped, locals), s.Result.Width / 8, 0, s.Mode, locals, out BigInteger[] from)) return Flow.Trap;
                locals[s.Result] = Fetch(s.Memory, from, s.Mapped);
                return Flow.Next;
            case IrStmt.Store s:
                BigInteger stored = Eval(s.Value, locals);
                if (!Places(s.Memory, Address(s.Address, s.Mapped, locals), s.Value.Width / 8, 1, s.Mode, locals, out BigInteger[] to)) return Flow.Trap;
                Put(s.Memory, to, stored, s.Mapped);
                return Flow.Next;
            case IrStmt.LoadForWrite s:
                if (!Places(s.Access.Memory, Address(s.Address, s.Mapped, locals), s.Access.Width / 8, 1, s.Mode, locals, out BigInteger[] place)) return Flow.Trap;
                accesses[s.Access] = place;
                locals[s.Result] = Fetch(s.Access.Memory, place, s.Mapped);
                return Flow.Next;
            case IrStmt.StoreBack s:
                Put(s.Access.Memory, accesses[s.Access], Eval(s.Value, locals), mapped: true);
                return Flow.Next;
            case IrStmt.If s:
                bool holds = !Eval(s.Condition, locals).IsZero;
                Flow taken = Block(holds ? s.Then : s.Else, locals);
                if (taken != Flow.Trap && IsGate(s)) progress++;
                return taken;
            case IrStmt.While s: return While(s, locals);
            case IrStmt.For s:
                BigInteger to2 = Eval(s.To, locals);
                for (BigInteger i = Eval(s.From, locals); i <= to2; i++)
                {
                    locals[s.Variable] = i;
                    Flow turn = Block(s.Body, locals);
                    if (turn != Flow.Next) return turn;
                }
                return Flow.Next;
            case IrStmt.Raise s: return Raise(s, locals);
            case IrStmt.Return s:
                returned = EvalAll(s.Values, locals);
                return Flow.Return;
            case IrStmt.Flush:
                state.Flushes++;
                return Flow.Next;
            case IrStmt.Commit:
                saved = state.Clone();
                // An interrupt would resume at the instruction; what is committed is final all the same.
                if (facts.Pc is { } pc && instruction is not null) saved[pc] = instruction.Pc;
                return Flow.Next;
            default:
                return Flow.Next;
        }
    }

    /// <summary>Whether one side of a branch always traps.</summary>
    private bool IsGate(IrStmt.If s)
    {
        if (gates.TryGetValue(s, out bool known)) return known;
        bool gate = s.Then.Statements.Any(x => x is IrStmt.Raise) || s.Else.Statements.Any(x => x is IrStmt.Raise);
        gates.Add(s, gate);
        return gate;
    }

    private Flow While(IrStmt.While loop, Dictionary<IrLocal, BigInteger> locals)
    {
        while (true)
        {
            Flow header = Block(loop.Header, locals);
            if (header != Flow.Next) return header;
            if (Eval(loop.Condition, locals).IsZero) return Flow.Next;
            Flow turn = Block(loop.Body, locals);
            if (turn != Flow.Next) return turn;
            if (++steps > MaxSteps) return Flow.Trap;
        }
    }

    private Flow CallStatement(IrStmt.Call s, Dictionary<IrLocal, BigInteger> locals)
    {
        Flow flow = Call(s.Function, EvalAll(s.Arguments, locals), out BigInteger[] results);
        if (flow == Flow.Trap) return flow;
        for (int i = 0; i < s.Results.Length && i < results.Length; i++)
        {
            if (s.Results[i] is { } local) locals[local] = results[i];
        }
        return Flow.Next;
    }

    private Flow WriteAtom(StateAtom atom, int index, BigInteger value)
    {
        AtomsTouched.Add((atom, index));
        state[atom, index] = value;
        if (atom.OnWrite is not { } code) return Flow.Next;
        return Call(code, atom.IsArray ? new BigInteger[] { index } : Array.Empty<BigInteger>(), out _);
    }

    private Flow WriteReference(DecodeVariable variable, BigInteger value)
    {
        if (instruction is null || !instruction.References.TryGetValue(variable, out (StateView View, int Index)? reference) || reference is not { } r) return Flow.Next;
        (int register, int low) = r.View.Elements[r.Index];
        BigInteger mask = IrMath.Mask(r.View.Width) << low;
        BigInteger old = state[r.View.Array, register];
        return WriteAtom(r.View.Array, register, (old & ~mask & IrMath.Mask(r.View.Array.Width)) | ((value << low) & mask));
    }

    /// <summary>An address; what an address map reads in place to compute it is read by the relocation map.</summary>
    private BigInteger Address(IrExpr address, bool mapped, Dictionary<IrLocal, BigInteger> locals)
    {
        if (mapped) mapDepth++;
        BigInteger result = Eval(address, locals);
        if (mapped) mapDepth--;
        return result;
    }

    /// <summary>Bus addresses of the bytes of an access, all translated before anything is done; false on a trap.</summary>
    private bool Places(MemorySpec memory, BigInteger address, int bytes, int access, IrExpr? mode, Dictionary<IrLocal, BigInteger> locals, out BigInteger[] places)
    {
        places = new BigInteger[bytes];
        BigInteger mask = IrMath.Mask(memory.AddressWidth);
        if (memory.Translate is not { } translate)
        {
            for (int i = 0; i < bytes; i++) places[i] = (address + i) & mask;
            return true;
        }
        BigInteger user = BigInteger.Zero;
        if (mode is not null) user = Eval(mode, locals);
        else if (memory.Per is { } per)
        {
            Call(per, Array.Empty<BigInteger>(), out BigInteger[] value);
            if (value.Length > 0) user = value[0];
        }
        BigInteger page = BigInteger.MinusOne;
        BigInteger frame = BigInteger.Zero;
        for (int i = 0; i < bytes; i++)
        {
            BigInteger at = (address + i) & mask;
            BigInteger offset = at & IrMath.Mask(memory.PageBits);
            if (at >> memory.PageBits != page)
            {
                page = at >> memory.PageBits;
                mapDepth++;
                Flow flow = Call(translate, new[] { at, access, user }, out BigInteger[] result);
                if (flow == Flow.Trap) return false;
                mapDepth--;
                frame = result[0] - offset;
                if (mapDepth == 0) MapResults[(memory, mode is null ? page : -1 - (page << 1) - user)] = frame;
            }
            places[i] = frame + offset;
        }
        return true;
    }

    private BigInteger Fetch(MemorySpec memory, BigInteger[] places, bool mapped)
    {
        MemorySpec bus = memory.Over ?? memory;
        BigInteger value = BigInteger.Zero;
        for (int i = 0; i < places.Length; i++)
        {
            BytesTouched.Add((bus, places[i]));
            if (mapped || mapDepth > 0 || !memory.IsBus) MappedBytes.Add((bus, places[i]));
            BigInteger b = state.Byte(bus, places[i]);
            value |= b << (8 * (memory.BigEndian ? places.Length - 1 - i : i));
        }
        return value;
    }

    private void Put(MemorySpec memory, BigInteger[] places, BigInteger value, bool mapped)
    {
        MemorySpec bus = memory.Over ?? memory;
        for (int i = 0; i < places.Length; i++)
        {
            BytesTouched.Add((bus, places[i]));
            if (mapped || mapDepth > 0 || !memory.IsBus) MappedBytes.Add((bus, places[i]));
            state.SetByte(bus, places[i], (byte)((value >> (8 * (memory.BigEndian ? places.Length - 1 - i : i))) & 0xFF));
        }
    }
}
