using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>Members of one static class over as many files as the limit of lines asks for.</summary>
internal sealed class Partition(EmitContext context, string kind, string summary, string modifiers = "internal static unsafe partial")
{
    private readonly List<CodeWriter> finished = new();
    private CodeWriter? current;

    /// <summary>Adds a member.</summary>
    public void Add(CodeWriter member)
    {
        if (current is null || current.Lines + member.Lines > context.Options.MaxLines)
        {
            current = CodeWriter.File(context.Namespace);
            string functions = $"{context.P}Functions";
            if (kind != "Functions") current.Line($"using static {context.Namespace}.{functions};").Line();
            current.Summary(summary).Open($"{modifiers} class {context.P}{kind}");
            finished.Add(current);
        }
        current.Member(member).Line();
    }

    public IEnumerable<EmittedFile> Files()
    {
        for (int i = 0; i < finished.Count; i++)
        {
            string name = finished.Count == 1 ? $"{context.P}.{kind}.cs" : $"{context.P}.{kind}.{Int(i + 1)}.cs";
            yield return new EmittedFile(name, finished[i].Close().ToString());
        }
    }
}
