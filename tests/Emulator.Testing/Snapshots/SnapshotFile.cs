#if !USE_VERIFY
using System.Text;
using DiffEngine;

namespace VerifyXunit;

/// <summary>The pair of files behind one snapshot.</summary>
internal static class SnapshotFile
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Compares, and on a difference writes the received file and throws <see cref="VerifyException"/>.</summary>
    public static async Task CheckAsync(string stem, string extension, string target, bool autoVerify)
    {
        string verified = $"{stem}.verified.{extension}", received = $"{stem}.received.{extension}";
        string text = Normalize(target);
        string? approved = File.Exists(verified) ? Normalize(await File.ReadAllTextAsync(verified).ConfigureAwait(false)) : null;
        if (approved is not null && Same(approved, text))
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(verified)!);
        if (autoVerify || string.Equals(Environment.GetEnvironmentVariable("Verify_AutoVerify"), "true", StringComparison.OrdinalIgnoreCase))
        {
            await File.WriteAllTextAsync(verified, text, Encoding).ConfigureAwait(false);
            File.Delete(received);
            return;
        }

        await File.WriteAllTextAsync(received, text, Encoding).ConfigureAwait(false);
        if (!BuildServerDetector.Detected && !DiffRunner.Disabled)
        {
            if (approved is null)
                await File.WriteAllTextAsync(verified, "", Encoding).ConfigureAwait(false);
            await DiffRunner.LaunchAsync(received, verified).ConfigureAwait(false);
        }

        throw new VerifyException(Describe(verified, received, approved, text));
    }

    private static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    // An editor may add a last newline to the approved file; that is not a difference.
    private static bool Same(string approved, string text) =>
        approved == text || (approved.EndsWith('\n') && approved.AsSpan(0, approved.Length - 1).SequenceEqual(text));

    private static string Describe(string verified, string received, string? approved, string text)
    {
        var message = new StringBuilder();
        if (approved is null)
        {
            message.Append("New: ").AppendLine(Path.GetFileName(received)).AppendLine().Append(text);
            return message.ToString();
        }

        message.Append("NotEqual: ").Append(Path.GetFileName(received)).Append(" and ").AppendLine(Path.GetFileName(verified));
        string[] before = approved.Split('\n'), after = text.Split('\n');
        int first = 0;
        while (first < before.Length && first < after.Length && before[first] == after[first])
            first++;
        message.Append("First difference in line ").Append(first + 1).AppendLine(":");
        for (int i = first; i < Math.Min(first + 8, Math.Max(before.Length, after.Length)); i++)
        {
            if (i < before.Length)
                message.Append("  - ").AppendLine(before[i]);
            if (i < after.Length)
                message.Append("  + ").AppendLine(after[i]);
        }

        return message.ToString();
    }
}
#endif
