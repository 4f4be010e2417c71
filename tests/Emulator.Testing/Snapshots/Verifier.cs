#if !USE_VERIFY
using System.Runtime.CompilerServices;

// The namespace and the shapes of Verify.Xunit, so that tests compile unchanged against the real package.
namespace VerifyXunit;

/// <summary>Compares text with an approved copy that stands beside the test (conventions of Verify.Xunit, of which this is the part we use).</summary>
/// <remarks>
/// The approved text of test M in file C.cs is <c>C.M.verified.txt</c>. When it is missing or differs, the new text is written to <c>C.M.received.txt</c>,
/// a diff tool is launched outside CI, and the test fails. Renaming received to verified approves it; the environment variable
/// <c>Verify_AutoVerify=true</c> approves everything received during a run.
/// </remarks>
public static class Verifier
{
    /// <summary>Verifies <paramref name="target"/>; await the result.</summary>
    /// <param name="target">The text; line endings do not matter.</param>
    /// <param name="extension">File extension of the snapshot without a dot.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="methodName">Filled in by the compiler.</param>
    public static SettingsTask Verify(
        string? target,
        string extension = "txt",
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string methodName = "") => new(target ?? "null", extension, sourceFile, methodName);

    /// <summary>Verifies text that is produced asynchronously.</summary>
    public static async Task Verify(
        Task<string> target,
        string extension = "txt",
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string methodName = "") =>
        await Verify(await target.ConfigureAwait(false), extension, sourceFile, methodName);
}
#endif
