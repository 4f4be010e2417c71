using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>A statement of the IR; <see cref="Span"/> is the spec text it came from.</summary>
public abstract record IrStmt(SourceSpan Span)
{
    public sealed record Block(SourceSpan Span, ImmutableArray<IrStmt> Statements) : IrStmt(Span)
    {
        public static readonly Block Empty = new(SourceSpan.None, ImmutableArray<IrStmt>.Empty);
    }

    /// <summary>Declares a local (when <paramref name="Declare"/>) or sets it.</summary>
    public sealed record Set(SourceSpan Span, IrLocal Variable, IrExpr Value, bool Declare) : IrStmt(Span);

    /// <summary>Calls a function that has effects, may trap or has other than one result. Declares the results' locals; an entry may be null (ignored).</summary>
    public sealed record Call(SourceSpan Span, ImmutableArray<IrLocal?> Results, IrFunction Function, ImmutableArray<IrExpr> Arguments) : IrStmt(Span);

    /// <summary>Writes a state atom. On-write code and dependents follow from the atom.</summary>
    public sealed record WriteState(SourceSpan Span, StateAtom Atom, IrExpr? Index, IrExpr Value) : IrStmt(Span);

    /// <summary>Writes the register a decode-time reference denotes.</summary>
    public sealed record WriteRef(SourceSpan Span, DecodeVariable Variable, IrExpr Value) : IrStmt(Span);

    /// <summary>Assigns all fields of a group from a pure function, evaluated when read.</summary>
    public sealed record WriteGroup(SourceSpan Span, DeferredGroup Group, IrFunction Function, ImmutableArray<IrExpr> Arguments) : IrStmt(Span);

    /// <summary>Reads memory into a new local. <paramref name="Mode"/> overrides the memory's `per` value.</summary>
    public sealed record Load(SourceSpan Span, IrLocal Result, MemorySpec Memory, IrExpr Address, IrExpr? Mode) : IrStmt(Span)
    {
        /// <summary>The address is that of an address map.</summary>
        public bool Mapped { get; init; }
    }

    public sealed record Store(SourceSpan Span, MemorySpec Memory, IrExpr Address, IrExpr Value, IrExpr? Mode) : IrStmt(Span)
    {
        /// <summary>The address is that of an address map.</summary>
        public bool Mapped { get; init; }
    }

    /// <summary>First half of a read-modify-write: checks write access, then reads. <paramref name="Access"/> names the pair.</summary>
    public sealed record LoadForWrite(SourceSpan Span, IrLocal Result, IrAccess Access, IrExpr Address, IrExpr? Mode) : IrStmt(Span)
    {
        /// <summary>The address is that of an address map.</summary>
        public bool Mapped { get; init; }
    }

    /// <summary>Second half: writes to the place of the first; cannot fault.</summary>
    public sealed record StoreBack(SourceSpan Span, IrAccess Access, IrExpr Value) : IrStmt(Span);

    public sealed record If(SourceSpan Span, IrExpr Condition, Block Then, Block Else) : IrStmt(Span);

    /// <summary><paramref name="Header"/> runs before each evaluation of the condition.</summary>
    public sealed record While(SourceSpan Span, Block Header, IrExpr Condition, Block Body) : IrStmt(Span);

    /// <summary>Inclusive; the variable has the bounds' width and cannot overflow.</summary>
    public sealed record For(SourceSpan Span, IrLocal Variable, IrExpr From, IrExpr To, Block Body) : IrStmt(Span);

    public sealed record Raise(SourceSpan Span, TrapSpec Trap, ImmutableArray<IrExpr> Arguments) : IrStmt(Span);

    public sealed record Return(SourceSpan Span, ImmutableArray<IrExpr> Values) : IrStmt(Span);

    public sealed record Flush(SourceSpan Span, MemorySpec Memory, IrExpr? Address) : IrStmt(Span);

    public sealed record Commit(SourceSpan Span) : IrStmt(Span);

    /// <summary>A write the hardware drops under a condition: records it for analysis; the conditional write stands beside it.</summary>
    public sealed record Ignored(SourceSpan Span, StateAtom Atom, IrExpr Performed) : IrStmt(Span);

    /// <summary>Decode code: sets a decode variable.</summary>
    public sealed record SetDecode(SourceSpan Span, DecodeVariable Variable, IrExpr Value) : IrStmt(Span);

    /// <summary>Decode code: rejects the bytes.</summary>
    public sealed record Reject(SourceSpan Span, TrapSpec Trap, ImmutableArray<IrExpr> Arguments) : IrStmt(Span);
}
