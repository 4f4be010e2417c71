namespace Emulator.Runtime;

/// <summary>Someone who keeps decoded code and must hear when the bytes it was decoded from change.</summary>
internal unsafe interface ICodeWatcher
{
    /// <summary>Bytes of a physical page change: drop what was decoded from them, then mark in <paramref name="bits"/> the bytes of the page that are still in use.</summary>
    /// <param name="page">Physical address of the page.</param>
    /// <param name="offset">First byte changed.</param>
    /// <param name="length">Number of bytes changed, all in the page.</param>
    /// <param name="bits">One bit per byte of the page.</param>
    void OnCodeModified(ulong page, int offset, int length, ulong* bits);
}
