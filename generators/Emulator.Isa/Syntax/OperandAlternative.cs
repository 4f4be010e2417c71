using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary><c>after address when simple: mem&lt;w&gt;[seg, ea] text memtext&lt;w&gt;;</c></summary>
public sealed record OperandAlternative(SourceSpan Span, string? After, Expr? When, Expr Value, AsmText? Text);
