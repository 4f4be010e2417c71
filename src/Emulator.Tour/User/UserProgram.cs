using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.User;

/// <summary>A program for ring 3, and the shorthand it is written with. All of it changes EAX, EBX and ECX.</summary>
internal static class UserProgram
{
    /// <summary>What EAX holds when an instruction that should have faulted did not.</summary>
    private const uint NoFault = 0xFFFFFFFF;

    /// <summary>Assembles a program and puts it into the kernel's data.</summary>
    public static (uint Address, int Size) Embed(AssemblyUnit kernel, Action<AssemblyUnit> emit)
    {
        var bytes = AssemblyUnit.Build(Layout.UserCode, Layout.UserText, emit).ToArray();
        if (bytes.Length > Layout.PageSize)
        {
            throw new InvalidOperationException("A program of the tour does not fit into its page.");
        }

        return (kernel.Data.Add(bytes), bytes.Length);
    }

    /// <summary>The kernel's side: makes a process (1 or 2) of an embedded program.</summary>
    public static void Spawn(AssemblyUnit kernel, int process, (uint Address, int Size) program)
    {
        kernel.Code.mov(eax, process);
        kernel.Code.mov(esi, program.Address);
        kernel.Code.mov(ecx, program.Size);
        kernel.Code.call(kernel["spawn"]);
    }

    /// <summary>A system call; arguments are in EBX and ECX, the result comes in EAX.</summary>
    public static void Call(AssemblyUnit u, SystemCall call)
    {
        u.Code.mov(eax, (int)call);
        u.Code.@int(Idt.SystemCallVector);
    }

    /// <summary>Writes a text.</summary>
    public static void Say(AssemblyUnit u, string text)
    {
        u.Code.mov(ebx, u.Data.AddString(text));
        Call(u, SystemCall.Write);
    }

    /// <summary>Writes EBX in hexadecimal.</summary>
    public static void SayHex(AssemblyUnit u, int digits)
    {
        u.Code.mov(ecx, digits);
        Call(u, SystemCall.WriteHex);
    }

    /// <summary>Ends the line with a verdict on EBX.</summary>
    public static void Check(AssemblyUnit u, uint expected)
    {
        u.Code.mov(ecx, expected);
        Call(u, SystemCall.Check);
    }

    /// <summary>Ends the process.</summary>
    public static void Exit(AssemblyUnit u, int code)
    {
        u.Code.mov(ebx, code);
        Call(u, SystemCall.Exit);
    }

    /// <summary>A line about an instruction that must fault: the kernel reports the fault, the program goes on behind the instruction.</summary>
    public static void ExpectFault(AssemblyUnit u, string text, int vector, int errorCode, Action<Assembler> instruction)
    {
        var resume = u.Unique("resume");
        Say(u, $"   - {text}: ");
        u.Code.mov(ebx, u.AddressOf(resume));
        Call(u, SystemCall.OnFault);
        instruction(u.Code);
        u.Code.mov(eax, NoFault);
        u.Define(resume);
        u.Code.mov(ebx, eax);
        Check(u, ((uint)vector << 16) | (uint)errorCode);
    }
}
