using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

public sealed class DecodeTests
{
    [Theory]
    [InlineData("decode bytes max 15 else GP(0) fetch lin by ca { }", "Decode(Name=decode MaxLength=15 TooLong=Raise(Trap=GP Arguments=[0]) FetchMemory=lin CodeAddress=ca)")]
    [InlineData("decode words fetch mem by ca { }", "Decode(Name=decode Words FetchMemory=mem CodeAddress=ca)")]
    public void Head(string source, string expected) => Assert.Equal(expected, Dump.Of(Parsed.Declaration(source)));

    [Theory]
    [InlineData("axis osz : {16, 32} = CS.DB ? 32 : 16;", "Axis(Name=osz Values=[16, 32] Initial=(? CS.DB 32 16))")]
    [InlineData("var seg : u3 = 7;", "Variable(Name=seg Type=u3 Initial=7)")]
    [InlineData("var b : ref<32> = none;", "Variable(Name=b Type=ref<32> Initial=none)")]
    [InlineData("field modrm : u8 slash reg { mod@7:6 reg@5:3 rm@2:0 }",
        "Field(Name=modrm Type=u8 SlashField=reg Parts=[BitField(Name=mod High=7 Low=6), BitField(Name=reg High=5 Low=3), BitField(Name=rm High=2 Low=0)])")]
    [InlineData("field cc : u4 plus axis;", "Field(Name=cc Type=u4 Plus IsAxis)")]
    [InlineData("attribute lockable;", "Attribute(Name=lockable)")]
    [InlineData("prefix 66 { osz = default(osz) == 32 ? 16 : 32; }",
        "Prefix(Name=prefix Bytes=[66] Body=Block(Statements=[Assign(Place=osz Value=(? (== default(osz) 32) 16 32))]))")]
    [InlineData("prefix F2 0F { }", "Prefix(Name=prefix Bytes=[F2, 0F] Body=Block())")]
    [InlineData("procedure address { fetch sib; }", "Procedure(Name=address Body=Block(Statements=[Fetch(Field=sib)]))")]
    [InlineData("width v = osz;", "Width(Name=v Expression=osz)")]
    [InlineData("reject UD(0) when lock && !lockable;", "Reject(Name=reject Trap=Raise(Trap=UD Arguments=[0]) When=(&& lock (! lockable)))")]
    [InlineData("value ea : u32 = (base + (index << scale)) & mask;", "Value(Name=ea Type=u32 Expression=(& (+ base (<< index scale)) mask))")]
    [InlineData("derive imm_b : s13 = a :: b;", "Value(Name=imm_b Type=s13 Expression=(:: a b))")]
    [InlineData("operand G<w> = GPR.view<w>[modrm.reg];", "Operand(Name=G Widths=[w] Alternatives=[OperandAlternative(Value=GPR.view<w>[modrm.reg])])")]
    [InlineData("operand E<w> { when modrm.mod == 3: R[1]; after address when a ? b : c: mem<w>[s, ea] text memtext<w>; }",
        "Operand(Name=E Widths=[w] Alternatives=[OperandAlternative(When=(== modrm.mod 3) Value=R[1]), OperandAlternative(After=address When=(? a b c) Value=mem<w>[s, ea] Text=Reference(Name=memtext Widths=[w]))])")]
    [InlineData("text t<w> = \"{sizename<w>}[{segtext}{disp:+x}]{{}}\";",
        "Text(Name=t Widths=[w] Content=Template(Parts=[TemplatePart(Name=sizename Widths=[w]), TemplatePart(Literal=[), TemplatePart(Name=segtext), TemplatePart(Name=disp Format=+x), TemplatePart(Literal=]{})]))")]
    [InlineData("text a = has ? (i == 1 ? \"x\" : names[i]) : other<8>;",
        "Text(Name=a Content=Conditional(Condition=has WhenTrue=Conditional(Condition=(== i 1) WhenTrue=Template(Parts=[TemplatePart(Literal=x)]) WhenFalse=Element(Table=names Index=i)) WhenFalse=Reference(Name=other Widths=[8])))")]
    [InlineData("format I : 32 { imm: s12 @31:20; rs1 @19:15; off: s13 @31,7,30:25,11:8 << 1; _ @6:0 }",
        "Format(Name=I Size=32 Fields=[FormatField(Name=imm Type=s12 Pieces=[31:20] ShiftLeft=0), FormatField(Name=rs1 Pieces=[19:15] ShiftLeft=0), "
        + "FormatField(Name=off Type=s13 Pieces=[31:31, 7:7, 30:25, 11:8] ShiftLeft=1), FormatField(Name=_ Pieces=[6:0] ShiftLeft=0)])")]
    public void Items(string source, string expected) => Assert.Equal(expected, Dump.Of(Parsed.DecodeItem(source)));

    [Theory]
    [InlineData("00 /r (dst: E<b>, src: G<b>) lockable", "Form(Bytes=[00] Slash=-1 Operands=[FormOperand(Name=dst Kind=E Widths=[b]), FormOperand(Name=src Kind=G Widths=[b])] Attributes=[lockable] Text=00 /r OperandsText=dst: E<b>, src: G<b>)")]
    [InlineData("0F  1E /4 (a: E<16>) when modrm.mod == 3", "Form(Bytes=[0F, 1E] Slash=4 Operands=[FormOperand(Name=a Kind=E Widths=[16])] When=(== modrm.mod 3) Text=0F 1E /4 OperandsText=a: E<16>)")]
    [InlineData("0f 0b", "Form(Bytes=[0F, 0B] Text=0f 0b)")]
    [InlineData("8C E8 5F", "Form(Bytes=[8C, E8, 5F] Text=8C E8 5F)")]
    [InlineData("F3 90 over NOP", "Form(Bytes=[F3, 90] Over=[NOP] Text=F3 90)")]
    [InlineData("B8+opr (d: R<v>)", "Form(Bytes=[B8] Plus=opr Operands=[FormOperand(Name=d Kind=R Widths=[v])] Text=B8+opr OperandsText=d: R<v>)")]
    [InlineData("0F 80+cc (t: J<v>) asm \"j{ccname}\"",
        "Form(Bytes=[0F, 80] Plus=cc Operands=[FormOperand(Name=t Kind=J Widths=[v])] Asm=Template(Parts=[TemplatePart(Literal=j), TemplatePart(Name=ccname)]) Text=0F 80+cc OperandsText=t: J<v>)")]
    [InlineData("9D lockable asm osz == 16 ? \"popfw\" : \"popfd\" when a over X, Y",
        "Form(Bytes=[9D] Attributes=[lockable] When=a Over=[X, Y] Asm=Conditional(Condition=(== osz 16) WhenTrue=Template(Parts=[TemplatePart(Literal=popfw)]) WhenFalse=Template(Parts=[TemplatePart(Literal=popfd)])) Text=9D)")]
    [InlineData("I { op = 0x13, f3 = 0 } (d: Xd)", "Form(Format=I Fields=[op:19, f3:0] Operands=[FormOperand(Name=d Kind=Xd)] Text=I { op = 0x13, f3 = 0 } OperandsText=d: Xd)")]
    [InlineData("AB { op = 1; }", "Form(Format=AB Fields=[op:1] Text=AB { op = 1; })")]
    public void Forms(string source, string expected) => Assert.Equal(expected, Dump.Of(Parsed.Form(source)));

    [Fact]
    public void InstructionParts()
    {
        var instruction = Assert.IsType<Decl.Instruction>(Parsed.Declaration(
            "/// Pops.\ninstruction POPF sensitive \"drops\" { form 9D; form 9C; asm \"popf\"; require !VM else GP(0); require a else UD; restartable do { commit; } }"));
        Assert.Equal(("POPF", "sensitive", "drops", 2, 2, true, "Pops."), (instruction.Name, instruction.Mark, instruction.Reason, instruction.Forms.Length, instruction.Gates.Length, instruction.Restartable, instruction.Doc));
        Assert.Equal("Block(Statements=[Commit()])", Dump.Of(instruction.Body));
        Assert.Equal((2, 13, 4), (instruction.NameSpan.Line, instruction.NameSpan.Column, instruction.NameSpan.Length));
        Assert.Equal((18, 9), (instruction.MarkSpan.Column, instruction.MarkSpan.Length));
    }

    [Fact]
    public void PlaceholdersKnowWhereTheyStand()
    {
        const string source = "instruction I innocuous { asm \"ab {c<w>}\"; }";
        var text = Assert.IsType<AsmText.Template>(Assert.IsType<Decl.Instruction>(Parsed.Declaration(source)).Asm);
        var width = text.Parts[1].Widths[0].Span;
        Assert.Equal(("w", source.IndexOf('w') + 1), (source.Substring(width.Start, width.Length), width.Column));
    }
}
