namespace Emulator.Cli.Boot;

/// <summary>Where a machine's bytes go: a file, standard output (<c>-</c>), or nowhere.</summary>
internal sealed class OutputSink : IDisposable
{
    /// <summary>The name that stands for standard output.</summary>
    public const string StandardOutput = "-";

    private readonly Stream? stream;

    private OutputSink(Stream? stream) => this.stream = stream;

    /// <summary>Opens a sink; null as the path means nowhere.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static OutputSink Open(string? path)
    {
        try
        {
            return path switch
            {
                null => new OutputSink(null),
                StandardOutput => new OutputSink(new BufferedStream(Console.OpenStandardOutput())),
                _ => new OutputSink(new BufferedStream(File.Create(path))),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserErrorException(ExitCodes.Usage, $"{path}: cannot be written: {failure.Message}");
        }
    }

    /// <summary>Takes a byte.</summary>
    public void Write(byte value) => stream?.WriteByte(value);

    /// <summary>Makes everything visible.</summary>
    public void Flush() => stream?.Flush();

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();
}
