using Emulator.System.Tests.Guest;
using Iced.Intel;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Instructions Iced's assembler has no short way to write, and starts of scenarios.</summary>
internal static class Emit
{
    /// <summary>JMP selector:offset in 32-bit code.</summary>
    public static void FarJump(this Assembler c, ushort selector, uint offset) =>
        c.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, selector, offset));

    /// <summary>CALL selector:offset in 32-bit code.</summary>
    public static void FarCall(this Assembler c, ushort selector, uint offset) =>
        c.AddInstruction(Instruction.CreateBranch(Code.Call_ptr1632, selector, offset));

    /// <summary>JMP selector:offset in 16-bit code.</summary>
    public static void FarJump16(this Assembler c, ushort selector, ushort offset) =>
        c.db(0xEA, (byte)offset, (byte)(offset >> 8), (byte)selector, (byte)(selector >> 8));

    /// <summary>CALL selector:offset in 16-bit code.</summary>
    public static void FarCall16(this Assembler c, ushort selector, ushort offset) =>
        c.db(0x9A, (byte)offset, (byte)(offset >> 8), (byte)selector, (byte)(selector >> 8));

    /// <summary>PUSH of 32 bits in 16-bit code.</summary>
    public static void Push32(this Assembler c, uint value) => c.db([0x66, 0x68, .. BitConverter.GetBytes(value)]);

    /// <summary>A near jump to a fixed address.</summary>
    public static void JumpTo(this Assembler c, uint target) => c.AddInstruction(Instruction.CreateBranch(Code.Jmp_rel32_32, target));

    /// <summary>Code at level 0 or 3.</summary>
    public static Scenario At(this Scenario s, int level, Action<Assembler> body) => level == 0 ? s.Code(body) : s.User(body);

    /// <summary>One instruction marked <c>bad</c>, then the end.</summary>
    public static void Try(this Scenario s, Assembler c, Action<Assembler> instruction)
    {
        s.Mark(c, "bad");
        instruction(c);
        s.End(c);
    }

    /// <summary>A routine of a scenario that only ends it.</summary>
    public static Scenario OtherEnds(this Scenario s, string mark = "other") => s.Code(c =>
    {
        s.Mark(c, mark);
        c.ud2();
    }, Layout.Other32);
}
