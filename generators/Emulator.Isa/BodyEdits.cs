using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>What differs between two versions of a spec, where that is bodies alone.</summary>
/// <param name="Instructions">The instructions with changed bodies, with their files.</param>
/// <param name="Functions">The functions and procedures with changed bodies.</param>
internal sealed record BodyEdits(IReadOnlyList<(Decl.Instruction Declaration, SpecFile File)> Instructions, IReadOnlyList<Decl.Function> Functions)
{
    /// <summary>Compares; null when anything else changed, or when what is generated depends on places in the texts.</summary>
    public static BodyEdits? Between(IsaFiles former, IsaFiles now)
    {
        if (former.Name != now.Name || former.Files.Length != now.Files.Length) return null;
        var instructions = new List<(Decl.Instruction, SpecFile)>();
        var functions = new List<Decl.Function>();
        for (int i = 0; i < now.Files.Length; i++)
        {
            SpecFile a = former.Files[i], b = now.Files[i];
            if (a.Path != b.Path || a.OutlineKey != b.OutlineKey || b.MeaningKey == b.TextKey || !b.Diagnostics.IsEmpty || a.Declarations.Length != b.Declarations.Length) return null;
            if (a.MeaningKey == b.MeaningKey) continue;
            for (int k = 0; k < b.Declarations.Length; k++)
            {
                switch (a.Declarations[k], b.Declarations[k])
                {
                    case (Decl.Instruction old, Decl.Instruction d):
                        if (old.Name != d.Name || (old.Body is null) != (d.Body is null)) return null;
                        if (old.BodyKey != d.BodyKey) instructions.Add((d, b));
                        break;
                    case (Decl.Function old, Decl.Function d):
                        if (old.Name != d.Name) return null;
                        if (old.BodyKey != d.BodyKey) functions.Add(d);
                        break;
                }
            }
        }
        return new BodyEdits(instructions, functions);
    }
}
