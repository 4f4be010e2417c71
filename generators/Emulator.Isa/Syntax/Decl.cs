using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A declaration of a root or chapter file.</summary>
public abstract record Decl(SourceSpan Span, string Name)
{
    /// <summary>Text of the <c>///</c> comment before it, or empty.</summary>
    public string Doc { get; init; } = "";

    public sealed record Chapter(SourceSpan Span, string Title) : Decl(Span, Title);

    public sealed record Include(SourceSpan Span, string File) : Decl(Span, File);

    public sealed record Param(SourceSpan Span, string Name, ImmutableArray<BigInteger> Values) : Decl(Span, Name);

    /// <summary><c>instance rv32 { XLEN = 32 }</c></summary>
    public sealed record Instance(SourceSpan Span, string Name, ImmutableArray<(string Name, Expr Value)> Bindings) : Decl(Span, Name);

    public sealed record State(SourceSpan Span, string Name, Expr? Count, TypeSyntax Type, StateAttributes Attributes, ImmutableArray<StateMember> Members) : Decl(Span, Name);

    public sealed record Derived(SourceSpan Span, string Name, TypeSyntax Type, Expr Value) : Decl(Span, Name);

    public sealed record Group(SourceSpan Span, string Name, Expr Fields, bool Deferred) : Decl(Span, Name);

    public sealed record Enum(SourceSpan Span, string Name, TypeSyntax Type, ImmutableArray<(string Name, Expr Value)> Values) : Decl(Span, Name);

    public sealed record Const(SourceSpan Span, string Name, TypeSyntax? Type, Expr Value) : Decl(Span, Name);

    public sealed record Table(SourceSpan Span, string Name, TypeSyntax Type, ImmutableArray<Expr> Values) : Decl(Span, Name);

    /// <summary><c>memory pmem : u36 little bus;</c> or paged by a translation function over a bus.</summary>
    public sealed record Memory(SourceSpan Span, string Name, TypeSyntax Type, bool Big, int PageBits, string? By, string? Over, Expr? Per) : Decl(Span, Name);

    /// <summary><c>space ... at M[...]</c> (an address map) or with read and write bodies.</summary>
    public sealed record Space(SourceSpan Span, string Name, ImmutableArray<string> Widths, ImmutableArray<Parameter> Parameters, TypeSyntax? Type,
        Expr? At, Stmt.Block? Read, string? WriteParameter, Stmt.Block? Write) : Decl(Span, Name);

    /// <summary>A function, or a procedure (no result).</summary>
    public sealed record Function(SourceSpan Span, string Name, ImmutableArray<string> Widths, ImmutableArray<Parameter> Parameters, TypeSyntax? Result, Stmt.Block Body) : Decl(Span, Name)
    {
        /// <summary>Equal for bodies of the same tokens.</summary>
        public string BodyKey { get; init; } = "";
    }

    public sealed record Trap(SourceSpan Span, string Name, Expr Number, string Class, string Kind, ImmutableArray<Parameter> Parameters) : Decl(Span, Name);

    /// <summary>Supplied by the machine, with its effects; or <c>pure "Namespace.Class.Method"</c>: a function of a library.</summary>
    public sealed record Extern(SourceSpan Span, string Name, ImmutableArray<Parameter> Parameters, TypeSyntax? Result,
        ImmutableArray<string> Reads, ImmutableArray<string> Writes, ImmutableArray<string> Raises, bool Declared, string? Method) : Decl(Span, Name);

    public sealed record Undefined(SourceSpan Span, string Name, ImmutableArray<Parameter> Parameters, TypeSyntax Type, Expr Value, string Reference) : Decl(Span, Name);

    /// <summary><c>on trap (...) { }</c>, <c>on boundary { }</c>, <c>on reset { }</c>: <see cref="Decl.Name"/> is the event.</summary>
    public sealed record Hook(SourceSpan Span, string Name, ImmutableArray<Parameter> Parameters, Stmt.Block Body) : Decl(Span, Name);

    /// <summary><c>attention E;</c> <c>idle E;</c> <c>stopped E;</c>: <see cref="Decl.Name"/> is the condition.</summary>
    public sealed record Condition(SourceSpan Span, string Name, Expr Value) : Decl(Span, Name);

    public sealed record Modes(SourceSpan Span, string Name, ImmutableArray<(string Name, Expr Value)> Values) : Decl(Span, Name);

    public sealed record Profile(SourceSpan Span, string Name, string? Base, ImmutableArray<ProfileClause> Clauses) : Decl(Span, Name);

    public sealed record Decode(SourceSpan Span, bool Words, Expr? MaxLength, Stmt.Raise? TooLong, string FetchMemory, string CodeAddress,
        ImmutableArray<DecodeItem> Items) : Decl(Span, "decode");

    public sealed record Instruction(SourceSpan Span, string Name, string Mark, string? Reason, ImmutableArray<Form> Forms, AsmText? Asm,
        ImmutableArray<Stmt.Require> Gates, bool Restartable, Stmt.Block? Body) : Decl(Span, Name)
    {
        /// <summary>Where the name stands.</summary>
        public SourceSpan NameSpan { get; init; }

        /// <summary>Where the mark stands.</summary>
        public SourceSpan MarkSpan { get; init; }

        /// <summary>Its other texts, in the order in which they are tried.</summary>
        public ImmutableArray<InstructionAlias> Aliases { get; init; } = ImmutableArray<InstructionAlias>.Empty;

        /// <summary>Equal for bodies of the same tokens.</summary>
        public string BodyKey { get; init; } = "";
    }
}
