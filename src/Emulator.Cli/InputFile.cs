namespace Emulator.Cli;

/// <summary>A file the user named, with its contents.</summary>
/// <param name="Path">The path as given.</param>
/// <param name="Bytes">The contents.</param>
internal sealed record InputFile(string Path, byte[] Bytes)
{
    /// <summary>Reads a file, or says what is wrong with it.</summary>
    /// <exception cref="UserErrorException">It does not exist, is empty, or cannot be read.</exception>
    public static InputFile Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{path}: this is a folder; name a file.");
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length > 0
                ? new InputFile(path, bytes)
                : throw new UserErrorException(ExitCodes.BadImage, $"{path}: the file is empty.");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{path}: no such file.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{path}: cannot be read: {failure.Message}");
        }
    }
}
