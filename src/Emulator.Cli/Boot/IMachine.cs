using Emulator.Machines;

namespace Emulator.Cli.Boot;

/// <summary>A machine as the command line sees it.</summary>
internal interface IMachine : IDisposable
{
    /// <summary>Instructions executed so far.</summary>
    long Instructions { get; }

    /// <summary>Further numbers about the execution, for people.</summary>
    IEnumerable<(string Name, string Value)> Statistics { get; }

    /// <summary>Runs at most so many instructions; comes back earlier after <see cref="Stop"/>.</summary>
    SliceResult Run(long instructions);

    /// <summary>Makes a run come back soon; from any thread.</summary>
    void Stop();

    /// <summary>What the VGA text screen shows; null in a graphics mode.</summary>
    TextScreen? ReadScreen();

    /// <summary>Types a key on the machine's keyboard.</summary>
    void Type(ConsoleKeyInfo key);

    /// <summary>Puts bytes on the serial line to the guest; from any thread.</summary>
    void Receive(byte[] bytes);
}
