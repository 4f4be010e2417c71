namespace Emulator.Reports.Model;

/// <summary>A place and its value in both states of a witness.</summary>
/// <param name="Place">State, element or byte of memory.</param>
/// <param name="Reference">In the state compared with: what the guest believes to run in.</param>
/// <param name="Guest">In the guest's state.</param>
public sealed record SideBySide(string Place, string Reference, string Guest)
{
    /// <summary>Whether the two differ.</summary>
    public bool Differs => Reference != Guest;
}
