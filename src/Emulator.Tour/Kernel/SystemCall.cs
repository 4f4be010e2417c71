namespace Emulator.Tour.Kernel;

/// <summary>The system calls: number in EAX, arguments in EBX and ECX, result in EAX; -1 says no.</summary>
internal enum SystemCall
{
    /// <summary>Ends the process with code EBX.</summary>
    Exit,

    /// <summary>Writes the zero-terminated text at EBX.</summary>
    Write,

    /// <summary>Writes EBX with ECX hexadecimal digits.</summary>
    WriteHex,

    /// <summary>Writes the character in BL.</summary>
    WriteChar,

    /// <summary>Ends the line with a verdict: EBX observed, ECX expected.</summary>
    Check,

    /// <summary>The process's number.</summary>
    GetId,

    /// <summary>Lets other processes run.</summary>
    Yield,

    /// <summary>Sets where to continue after the next fault: EBX.</summary>
    OnFault,

    /// <summary>Where the kernel serves the call: EAX = address of the frame, EBX = CS, ECX = EFLAGS.</summary>
    Where,
}
