using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

public sealed class DeclarationTests
{
    [Theory]
    [InlineData("chapter \"Data transfer\";", "Chapter(Name=Data transfer Title=Data transfer)")]
    [InlineData("state EAX : u32;", "State(Name=EAX Type=u32)")]
    [InlineData("state PC : u64 pc reset 0x1000 hidden keep resource(mode);", "State(Name=PC Type=u64 Attributes=StateAttributes(Pc Hidden Keep Role=mode Reset=4096))")]
    [InlineData("state X[32] : u64 { [0] = 0; }", "State(Name=X Count=32 Type=u64 Members=[HardWired(Index=0 Value=0)])")]
    [InlineData("state R[2] : u32 names A B { view<16>[i] = self[i].[15:0] names a b; view<8> = self[i].[7:0]; }",
        "State(Name=R Count=2 Type=u32 Attributes=StateAttributes(Names=[A, B]) Members=[View(Width=16 Index=i Value=self[i].[15:0] Names=[a, b]), View(Width=8 Index=i Value=self[i].[7:0])])")]
    [InlineData("state R[2] : u32 names A, B resource(io);", "State(Name=R Count=2 Type=u32 Attributes=StateAttributes(Role=io Names=[A, B]))")]
    [InlineData("state F : u32 reset 2 { CF@0 PF@2; IOPL@13:12 resource(mode); }",
        "State(Name=F Type=u32 Attributes=StateAttributes(Reset=2) Members=[BitField(Name=CF High=0 Low=0), BitField(Name=PF High=2 Low=2), BitField(Name=IOPL High=13 Low=12 Attributes=StateAttributes(Role=mode))])")]
    [InlineData("state C : u32 on write { flush lin; } { PG@31; }",
        "State(Name=C Type=u32 Attributes=StateAttributes(OnWrite=Block(Statements=[Flush(Memory=lin)])) Members=[BitField(Name=PG High=31 Low=31)])")]
    [InlineData("state S[2] : record { a: u16 hidden { P@7 } derived d: u8 = f(a); } names X Y;",
        "State(Name=S Count=2 Type=Record(Fields=[RecordField(Name=a Type=u16 Attributes=StateAttributes(Hidden) Members=[BitField(Name=P High=7 Low=7)]), RecordField(Name=d Type=u8 Derived=f(a))]) Attributes=StateAttributes(Names=[X, Y]))")]
    [InlineData("derived T : u32 = A + 1;", "Derived(Name=T Type=u32 Value=(+ A 1))")]
    [InlineData("group g = F.{CF PF} deferred;", "Group(Name=g Fields=F.{CF PF} Deferred)")]
    [InlineData("enum A : u2 { read = 0; write = 1; fetch = 2 }", "Enum(Name=A Type=u2 Values=[read:0, write:1, fetch:2])")]
    [InlineData("enum A : u2 { a = 0, b = 1, }", "Enum(Name=A Type=u2 Values=[a:0, b:1])")]
    [InlineData("const P = 0x1000;", "Const(Name=P Value=4096)")]
    [InlineData("const P : u8 = 1;", "Const(Name=P Type=u8 Value=1)")]
    [InlineData("table cc : string[2] = { \"o\", \"no\", };", "Table(Name=cc Type=string[2] Values=[\"o\", \"no\"])")]
    [InlineData("table T : u8[2] = { 1, 2 }", "Table(Name=T Type=u8[2] Values=[1, 2])")]
    [InlineData("memory p : u36 little bus;", "Memory(Name=p Type=u36 PageBits=0)")]
    [InlineData("memory l : u32 big paged 12 by t over p per CPL == 3;", "Memory(Name=l Type=u32 Big PageBits=12 By=t Over=p Per=(== CPL 3))")]
    [InlineData("space m<w>(s: u3, o: u32) at l[f(s, o, w / 8)];", "Space(Name=m Widths=[w] Parameters=[Parameter(Name=s Type=u3), Parameter(Name=o Type=u32)] At=l[f(s, o, (/ w 8))])")]
    [InlineData("space M(n: u32) : u64 { read { return 1; } write(v) { } }",
        "Space(Name=M Parameters=[Parameter(Name=n Type=u32)] Type=u64 Read=Block(Statements=[Return(Value=1)]) WriteParameter=v Write=Block())")]
    [InlineData("function f<w>(a: u<w>) : (r: u<w>, c: bool) { return (a, a < 1); }",
        "Function(Name=f Widths=[w] Parameters=[Parameter(Name=a Type=u<w>)] Result=(r: u<w>, c: u1) Body=Block(Statements=[Return(Value=(tuple a, (< a 1)))]))")]
    [InlineData("function f() : bool = !PE;", "Function(Name=f Result=u1 Body=Block(Statements=[Return(Value=(! PE))]))")]
    [InlineData("procedure p() { }", "Function(Name=p Body=Block())")]
    [InlineData("trap PF = 14 fault memory (e: u32, a: u32);", "Trap(Name=PF Number=14 Class=fault Kind=memory Parameters=[Parameter(Name=e Type=u32), Parameter(Name=a Type=u32)])")]
    [InlineData("extern now() : u64 reads(timer) writes(io) raises(GP, UD);", "Extern(Name=now Result=u64 Reads=[timer] Writes=[io] Raises=[GP, UD] Declared)")]
    [InlineData("extern f(a: u8);", "Extern(Name=f Parameters=[Parameter(Name=a Type=u8)])")]
    [InlineData("extern f(a: u8) : (r: u8, c: bool) pure \"A.B.C\";", "Extern(Name=f Parameters=[Parameter(Name=a Type=u8)] Result=(r: u8, c: u1) Declared Method=A.B.C)")]
    [InlineData("extern f() raises();", "Extern(Name=f Declared)")]
    [InlineData("undefined o(c: u8) : bool = false \"manual\";", "Undefined(Name=o Parameters=[Parameter(Name=c Type=u8)] Type=u1 Value=false Reference=manual)")]
    [InlineData("on trap (n: u8) { }", "Hook(Name=trap Parameters=[Parameter(Name=n Type=u8)] Body=Block())")]
    [InlineData("on reset { }", "Hook(Name=reset Body=Block())")]
    [InlineData("attention A && B || C;", "Condition(Name=attention Value=(|| (&& A B) C))")]
    [InlineData("modes CPL { ring0 = 0; ring3 = 3 }", "Modes(Name=CPL Values=[ring0:0, ring3:3])")]
    [InlineData("profile p { own m, n; }", "Profile(Name=p Clauses=[ProfileClause(Keyword=own Names=[m, n])])")]
    [InlineData("profile p : q { monitor CPL == 0; guest CPL in {1, 3}; intercept A, B; }",
        "Profile(Name=p Base=q Clauses=[ProfileClause(Keyword=monitor Condition=(== CPL 0)), ProfileClause(Keyword=guest Condition=(in CPL {1, 3})), ProfileClause(Keyword=intercept Names=[A, B])])")]
    public void Structure(string source, string expected) => Assert.Equal(expected, Dump.Of(Parsed.Declaration(source)));

    [Fact]
    public void RootHoldsIncludesParametersAndInstances()
    {
        var file = Parsed.Chapter("isa rv { include \"a.isa\", \"b.isa\"; param XLEN in {32, 64}; instance rv32 { XLEN = 32 } const A = 1; }");
        Assert.Equal("rv", file.IsaName);
        Assert.Equal(
            ["Include(Name=a.isa File=a.isa)", "Include(Name=b.isa File=b.isa)", "Param(Name=XLEN Values=[32, 64])", "Instance(Name=rv32 Bindings=[XLEN:32])", "Const(Name=A Value=1)"],
            file.Declarations.Select(Dump.Of));
    }

    [Fact]
    public void DocumentationBelongsToTheNextDeclaration()
    {
        var file = Parsed.Chapter("/// One.\n///   Two.\nconst A = 1;\n// plain\nconst B = 2;\n//// ruler\n/// Three.\n// plain\nconst C = 3;");
        Assert.Equal(["One.\nTwo.", "", "Three."], file.Declarations.Select(d => d.Doc));
    }

    [Fact]
    public void SpanIsTheHead()
    {
        const string source = "  state ABC[4] : u32;";
        var span = Parsed.Declaration(source).Span;
        Assert.Equal("state ABC", source.Substring(span.Start, span.Length));
    }
}
