using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

public sealed class ExpressionTests
{
    [Theory]
    // Each level of the precedence table against its neighbours.
    [InlineData("a || b && c", "(|| a (&& b c))")]
    [InlineData("a && b | c", "(&& a (| b c))")]
    [InlineData("a | b ^ c", "(| a (^ b c))")]
    [InlineData("a ^ b & c", "(^ a (& b c))")]
    [InlineData("a & b == c", "(& a (== b c))")]
    [InlineData("a == b < c", "(== a (< b c))")]
    [InlineData("a < b :: c", "(< a (:: b c))")]
    [InlineData("a :: b << c", "(:: a (<< b c))")]
    [InlineData("a << b + c", "(<< a (+ b c))")]
    [InlineData("a + b * c", "(+ a (* b c))")]
    [InlineData("a * -b", "(* a (- b))")]
    [InlineData("-a.b", "(- a.b)")]
    [InlineData("!a && ~b != c", "(&& (! a) (!= (~ b) c))")]
    [InlineData("a * b + c", "(+ (* a b) c)")]
    [InlineData("(a + b) * c", "(* (+ a b) c)")]
    // Left to right.
    [InlineData("a - b - c", "(- (- a b) c)")]
    [InlineData("a :: b :: c", "(:: (:: a b) c)")]
    [InlineData("a >> b << c", "(<< (>> a b) c)")]
    [InlineData("a ? b : c ? d : e", "(? a b (? c d e))")]
    [InlineData("a ? b ? c : d : e", "(? a (? b c d) e)")]
    [InlineData("a || b ? c : d", "(? (|| a b) c d)")]
    // Membership and casts.
    [InlineData("a in {1, 3} && b", "(&& (in a {1, 3}) b)")]
    [InlineData("a + 1 in {2,}", "(in (+ a 1) {2})")]
    [InlineData("-a as s32 + b", "(+ (as (- a) s32) b)")]
    [InlineData("a * b as s<w> >> 2", "(>> (* a (as b s<w>)) 2)")]
    [InlineData("a as u8 as s8", "(as (as a u8) s8)")]
    // Places and calls.
    [InlineData("a.[31:16]", "a.[31:16]")]
    [InlineData("a[i].[7]", "a[i].[7]")]
    [InlineData("self[i - 4].[15:8]", "self[(- i 4)].[15:8]")]
    [InlineData("EFLAGS.{CF PF AF}", "EFLAGS.{CF PF AF}")]
    [InlineData("EFLAGS.{CF, PF}", "EFLAGS.{CF PF}")]
    [InlineData("SEG[s].base + off", "(+ SEG[s].base off)")]
    [InlineData("GPR.view<8>[modrm.reg]", "GPR.view<8>[modrm.reg]")]
    [InlineData("mem<w>[seg, ea]", "mem<w>[seg, ea]")]
    [InlineData("lin<32>[a, 0]", "lin<32>[a, 0]")]
    [InlineData("f()", "f()")]
    [InlineData("insn.next + sext<32>(next<8>)", "(+ insn.next sext<32>(next<8>))")]
    [InlineData("match a { 0, 1 => b; 2 => c, _ => d }", "(match a 0, 1 => b; 2 => c; _ => d)")]
    [InlineData("(a, b)", "(tuple a, b)")]
    [InlineData("true && none", "(&& true none)")]
    // A name followed immediately by `<` takes widths; anything else compares or shifts.
    [InlineData("a < b", "(< a b)")]
    [InlineData("a<<b", "(<< a b)")]
    [InlineData("a<=b", "(<= a b)")]
    [InlineData("f(a) <b", "(< f(a) b)")]
    [InlineData("f(a)<b", "(< f(a) b)")]
    [InlineData("3<b", "(< 3 b)")]
    [InlineData("zext<w * 2>(a) >> 3", "(>> zext<(* w 2)>(a) 3)")]
    [InlineData("f<width(x)>(y)", "f<width(x)>(y)")]
    [InlineData("f<(a > b ? 8 : 16)>(y)", "f<(? (> a b) 8 16)>(y)")]
    [InlineData("f<g<w>>(y)", "f<g<w>>(y)")]
    [InlineData("zext<32>(a)>>2", "(>> zext<32>(a) 2)")]
    [InlineData("x as u<w>>=2", "(as x u<w>)", true)]
    [InlineData("f<a, b>(c)", "f<a, b>(c)")]
    public void Structure(string source, string expected, bool broken = false)
    {
        if (broken)
        {
            // The first `>` closes the width, the second compares, and then there is no operand.
            Assert.StartsWith("ISA0011", Assert.Single(Parsed.Errors($"const X = {source};")));
            return;
        }
        Assert.Equal(expected, Dump.Of(Parsed.Expression(source)));
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData("0x1F", "31")]
    [InlineData("0XfF", "255")]
    [InlineData("0b1010_1010", "170")]
    [InlineData("1_000_000", "1000000")]
    [InlineData("0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF", "340282366920938463463374607431768211455")]
    public void Numbers(string source, string expected) => Assert.Equal(expected, Dump.Of(Parsed.Expression(source)));

    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData("\"a \\\"b\\\" \\\\ \\n \\t\"", "a \"b\" \\ \n \t")]
    [InlineData("\"// no comment\"", "// no comment")]
    public void Strings(string source, string expected) => Assert.Equal(expected, Assert.IsType<Expr.Text>(Parsed.Expression(source)).Value);

    [Fact]
    public void CommentsSeparateTokens() => Assert.Equal("(+ a b)", Dump.Of(Parsed.Expression("a /* + c\n * d */ + // e\n b")));

    [Fact]
    public void SpansCoverWhatIsWritten()
    {
        const string source = "const X = aa + zext<32>(bb);";
        var sum = Assert.IsType<Expr.Binary>(Assert.IsType<Decl.Const>(Parsed.Declaration(source)).Value);
        Assert.Equal("aa + zext<32>(bb)", source.Substring(sum.Span.Start, sum.Span.Length));
        Assert.Equal("zext<32>(bb)", source.Substring(sum.Right.Span.Start, sum.Right.Span.Length));
        Assert.Equal((1, 16), (sum.Right.Span.Line, sum.Right.Span.Column));
    }
}
