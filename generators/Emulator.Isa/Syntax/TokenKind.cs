namespace Emulator.Isa.Syntax;

/// <summary>Kinds of tokens; operators double as operator codes in expressions.</summary>
public enum TokenKind
{
    End, Bad, Identifier, Number, String,
    LParen, RParen, LBracket, RBracket, LBrace, RBrace,
    /// <summary><c>&lt;</c> right after a name: opens width arguments.</summary>
    WidthOpen,
    Comma, Semicolon, Colon, Question, Dot, DotDot, DotBracket, DotBrace, At, Arrow, Assign,
    PlusAssign, MinusAssign, OrAssign, AndAssign, XorAssign,
    Plus, Minus, Star, Slash, Percent, And, Or, Xor, Not, Bang, Shl, Shr,
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, AndAnd, OrOr, Concat,
}
