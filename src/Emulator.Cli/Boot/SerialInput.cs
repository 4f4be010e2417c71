namespace Emulator.Cli.Boot;

/// <summary>What goes to the guest's serial port.</summary>
internal static class SerialInput
{
    /// <summary>Gives a machine the bytes of a file at once, or those of standard input as they come.</summary>
    /// <param name="source">A file, or <c>-</c>.</param>
    /// <param name="machine">Who receives.</param>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static void Connect(string source, IMachine machine)
    {
        if (source != OutputSink.StandardOutput)
        {
            machine.Receive(InputFile.Read(source).Bytes);
            return;
        }

        // A background thread: it may sit in a read for as long as the process lives.
        new Thread(() => Forward(Console.OpenStandardInput(), machine)) { IsBackground = true }.Start();
    }

    private static void Forward(Stream input, IMachine machine)
    {
        var buffer = new byte[256];
        for (int count; (count = input.Read(buffer)) > 0;)
        {
            machine.Receive(buffer[..count]);
        }
    }
}
