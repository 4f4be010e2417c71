namespace Emulator.Isa.Decoding.Tests;

/// <summary>Byte encodings, on a spec that has one of everything.</summary>
public sealed class ByteDecoderTests
{
    private const string Spec = """
        state R[4] : u16 names R0 R1 R2 R3 { view<16>[i] = self[i] names r0 r1 r2 r3; view<8>[i] = self[i].[7:0] names b0 b1 b2 b3; }
        state PC : u16 pc;
        state WIDE : bool;
        memory ram : u16 little bus;
        trap BAD = 6 fault undefined (why: u8);
        trap WORSE = 2 fault undefined;
        trap LONG = 13 fault protection (error: u16);
        function code_address(pc: u16) : u16 { return pc; }
        table swap : u8[4] = { 3, 2, 1, 0 };
        function mirror(x: u2) : u2 { let y = swap[x]; return trunc<2>(y); }
        decode bytes max 6 else LONG(5) fetch ram by code_address {
          axis size : {8, 16} = WIDE ? 16 : 8;
          var seg : u2 = 0;
          var fixed : bool = false;
          var far : bool = false;
          var off : u16 = 0;
          var base : ref<16> = none;
          prefix A0 { seg = 1; }
          prefix A1 { seg = seg + 2; }
          prefix A2 { size = default(size) == 8 ? 16 : 8; }
          prefix A3 { fixed = true; }
          field m : u8 slash op { kind@7:6 op@5:3 reg@2:0 }
          field r : u2 plus;
          attribute fixable;
          procedure address {
            far = m.kind == 2;
            if far { off = next<16>; } else { off = zext<16>(next<8>); }
            if m.reg != 7 { base = R.view<16>[mirror(m.reg.[1:0])]; }
          }
          reject BAD(9) when fixed && !fixable;
          operand E<w> {
            when m.kind == 3: R.view<w>[m.reg.[1:0]];
            after address when far && off == 0xFFFF: ram<w>[off];
            after address: ram<w>[off];
          }
          operand Near<w> { after address when !far: ram<w>[off]; }
          operand Far<w> { after address when far: ram<w>[off]; }
          operand Reg { when m.kind == 3: R.view<8>[m.reg.[1:0]]; }
          operand Other { when m.kind != 3: R.view<8>[m.reg.[1:0]]; }
          operand Z<w> = R.view<w>[r];
          operand I<w> = next<w>;
          operand Cond = m.kind == 1 ? next<16> : zext<16>(next<8>);
          operand J = insn.next + sext<16>(next<8>);
          operand L<w> = R.view<w>[m.reg.[1:0]];
        }
        instruction MOV innocuous { form 10 /r (a: E<size>) fixable; do { let x = a; } }
        instruction ADD innocuous { form 11 /3 (a: E<8>, i: I<size>); form 11 /4 when seg == 1 && m.kind != 0; }
        instruction NEAR innocuous { form 12 /r (a: Near<8>, i: I<8>); }
        instruction FAR innocuous { form 12 /r (i: I<8>, a: Far<8>); }
        instruction MARKED innocuous { form 13 /r (a: Reg) fixable; }
        instruction PLAIN innocuous { form 13 /r (a: Other); }
        instruction INC innocuous { form 20+r (a: Z<16>); }
        instruction NOP innocuous { form 20 over INC; }
        instruction PAUSE innocuous { form A3 20 over NOP, INC; }
        instruction JUMP innocuous { form 30 (t: J); do { PC = t; } }
        instruction CHOICE innocuous { form 31 /r (v: Cond); }
        instruction TWO innocuous { form 0F 01; }
        instruction TWOR innocuous { form 0F 10+r; }
        instruction GROUP innocuous { form 40 /1; form 40 /2; }
        instruction LONGER innocuous { form 41 /r (a: Other) over SHORT; }
        instruction SHORT innocuous { form 41 (i: I<8>); }
        instruction DEEP innocuous { form 40 C8 over GROUP; }
        """;

    private static readonly GeneratedDecoder Decoder = GeneratedDecoder.Of("toy", Spec);

    private static GeneratedDecoder Narrow()
    {
        Decoder.Mode(("size", 8));
        return Decoder;
    }

    [Theory]
    // Prefixes in any order, as often as they fit.
    [InlineData("A0 A1 10 C1", "4 MOV")]
    [InlineData("A2 A2 A2 A2 A2 30", "LONG(5)")]
    [InlineData("A2 A2 A2 A2 30 01", "6 JUMP")]
    [InlineData("A2 A2 A2 A2 A2 A2", "LONG(5)")]
    [InlineData("A2 A2 A2 A2 A2", "more")]
    // Slash digits, conditions.
    [InlineData("11 D8 05", "3 ADD")]
    [InlineData("A2 11 D8 0500", "5 ADD")]
    [InlineData("11 E0", "WORSE(0)")]
    [InlineData("A0 11 E0", "3 ADD")]
    [InlineData("A0 11 20", "WORSE(0)")]
    [InlineData("11 C8", "WORSE(0)")]
    // A form that turns out not to fit leaves the bytes to the next.
    [InlineData("12 40 11 22", "4 NEAR")]
    [InlineData("12 80 11 2222", "5 FAR")]
    [InlineData("12 80 11 22", "more")]
    // Opcode fields, and what stands over them.
    [InlineData("21", "1 INC")]
    [InlineData("23", "1 INC")]
    [InlineData("24", "WORSE(0)")]
    [InlineData("20", "1 NOP")]
    [InlineData("A3 A0 20", "BAD(9)")]
    [InlineData("0F 01", "2 TWO")]
    [InlineData("0F 12", "2 TWOR")]
    [InlineData("0F 02", "WORSE(0)")]
    [InlineData("0F", "more")]
    // An opcode byte over the slash field of shorter opcodes.
    [InlineData("40 C8", "2 DEEP")]
    [InlineData("40 C9", "2 GROUP")]
    [InlineData("40 D0", "2 GROUP")]
    [InlineData("40 D8", "WORSE(0)")]
    [InlineData("40", "more")]
    // Rules that reject.
    [InlineData("A3 10 C1", "3 MOV")]
    [InlineData("A3 21", "BAD(9)")]
    [InlineData("A3 13 C0", "3 MARKED")]
    [InlineData("13 00", "2 PLAIN")]
    // What a form carries does not stay when it turns out not to match.
    [InlineData("A3 13 00", "BAD(9)")]
    public void Finds(string bytes, string expected) => Assert.Equal(expected, Narrow().Decode(bytes));

    [Theory]
    [InlineData("31 40 3412", 0x1234u, 4)]
    [InlineData("31 80 34", 0x34u, 3)]
    public void TakesWhatTheConditionSays(string bytes, uint value, int length)
    {
        Assert.Equal($"{length} CHOICE", Narrow().Decode(bytes));
        Assert.Equal(value, Decoder.Field("value0_16"));
    }

    [Theory]
    [InlineData("30 00", 0x100u, 0x102u)]
    [InlineData("30 FE", 0x100u, 0x100u)]
    [InlineData("A0 30 7F", 0x100u, 0x182u)]
    [InlineData("30 10", 0xFFF8u, 0x000Au)]
    public void KnowsTheNextAddress(string bytes, uint pc, uint target)
    {
        Assert.EndsWith("JUMP", Narrow().Decode(bytes, pc));
        Assert.Equal(target, Decoder.Field("value0_16"));
    }

    /// <summary>LONGER is tried first, reads the second byte as its field and does not fit.</summary>
    [Fact]
    public void FieldsOfOthersStayZero()
    {
        Assert.Equal("2 SHORT", Narrow().Decode("41 C0"));
        Assert.Equal(0u, Decoder.Field("m"));
    }

    [Fact]
    public void AFailedAttemptLeavesNothing()
    {
        Assert.Equal("5 FAR", Narrow().Decode("12 80 11 2233"));
        Assert.Equal(0x3322u, Decoder.Field("off"));
        Assert.Equal(0x11u, Decoder.Field("value0_8"));
        Assert.Equal((ushort)(1 + 3), Decoder.Field("base"));
    }

    [Theory]
    [InlineData("10 C2", 0, "ref0_8", 1 + 4 + 2)]
    [InlineData("A2 10 C2", 0, "ref0_16", 1 + 2)]
    [InlineData("10 80 FFFF", 1, "base", 1 + 3)]
    [InlineData("10 82 FEFF", 2, "base", 1 + 1)]
    [InlineData("10 47 01", 2, "base", 0)]
    public void ChoosesAlternatives(string bytes, int alternative, string field, int code)
    {
        Assert.EndsWith("MOV", Narrow().Decode(bytes));
        Assert.Equal((byte)alternative, Decoder.Field("Alternative0"));
        Assert.Equal((ushort)code, Decoder.Field(field));
        var variant = Decoder.Model.Variants[Decoder.Probe.Variant];
        Assert.Equal(alternative, variant.Alternatives[0]);
        Assert.Equal(bytes.StartsWith("A2", StringComparison.Ordinal) ? 16 : 8, (int)variant.Case.AxisValues[0]);
    }

    [Fact]
    public void TheModeComesFromTheState()
    {
        var layout = new Emit.StateLayout(Decoder.Model);
        byte[] state = new byte[layout.Size];
        state[layout.Offset(Decoder.Model.Atoms.Single(a => a.Name == "WIDE"))] = 1;
        Decoder.Probe.SetMode(state);
        Assert.Equal("4 ADD", Decoder.Decode("11 D8 0500"));
        Assert.Equal("4 ADD", Decoder.Decode("A2 11 D8 05"));
        Decoder.Probe.SetMode(new byte[layout.Size]);
        Assert.Equal("3 ADD", Decoder.Decode("11 D8 05"));
    }

    [Fact]
    public void NoFileIsTooLong() => Assert.All(GeneratedDecoder.X86.Files, f => Assert.True(f.Text.Count(c => c == '\n') <= 1900, f.Name));
}
