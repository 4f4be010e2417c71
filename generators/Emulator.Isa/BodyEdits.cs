using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>Compares two versions of a spec.</summary>
internal static class BodyEdits
{
    /// <summary>The instructions whose bodies changed, with their files; null when anything else did, or when what is generated depends on places in the texts.</summary>
    public static IReadOnlyList<(Decl.Instruction Declaration, SpecFile File)>? Between(IsaFiles former, IsaFiles now)
    {
        if (former.Name != now.Name || former.Files.Length != now.Files.Length) return null;
        var changed = new List<(Decl.Instruction, SpecFile)>();
        for (int i = 0; i < now.Files.Length; i++)
        {
            SpecFile a = former.Files[i], b = now.Files[i];
            if (a.Path != b.Path || a.OutlineKey != b.OutlineKey || b.MeaningKey == b.TextKey || !b.Diagnostics.IsEmpty || a.Declarations.Length != b.Declarations.Length) return null;
            if (a.MeaningKey == b.MeaningKey) continue;
            for (int k = 0; k < b.Declarations.Length; k++)
            {
                if (b.Declarations[k] is not Decl.Instruction d) continue;
                if (a.Declarations[k] is not Decl.Instruction old || old.Name != d.Name || (old.Body is null) != (d.Body is null)) return null;
                if (old.BodyKey != d.BodyKey) changed.Add((d, b));
            }
        }
        return changed;
    }
}
