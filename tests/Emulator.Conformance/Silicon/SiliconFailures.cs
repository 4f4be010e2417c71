using System.Globalization;
using Iced.Intel;

namespace Emulator.Conformance.Silicon;

/// <summary>Disagreements, the first few of each form in words.</summary>
internal sealed class SiliconFailures(int shown, int perForm)
{
    private readonly Dictionary<Code, int> _perForm = [];
    private readonly List<string> _texts = [];

    /// <summary>All of them.</summary>
    public long Count { get; private set; }

    public void Add(SiliconForm form, string text)
    {
        Count++;
        int before = _perForm.GetValueOrDefault(form.Code);
        _perForm[form.Code] = before + 1;
        if (before < perForm && _texts.Count < shown)
            _texts.Add(text);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join('\n', [
            string.Create(CultureInfo.InvariantCulture, $"{Count} cases of {_perForm.Count} encodings disagree:"),
            .. _texts,
            .. _perForm.OrderByDescending(f => f.Value).Select(f => $"  {f.Value} {f.Key}"),
        ]);
}
