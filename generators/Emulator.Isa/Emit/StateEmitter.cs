using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The structure that holds all state, with fixed offsets.</summary>
internal static class StateEmitter
{
    public static IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        StateLayout layout = context.Layout;
        CodeWriter w = CodeWriter.File(context.Namespace);
        w.Summary($"All state of a {context.Model.Name} CPU in native memory, at offsets that never change for a given spec.");
        w.Line($"[StructLayout(LayoutKind.Explicit, Size = {Int(layout.Size)})]");
        w.Open($"public unsafe partial struct {context.P}State");
        Field(w, 0, "CpuHeader Header", "What the engine knows.");
        foreach (MemorySpec memory in context.Model.Memories.Where(m => !m.IsBus))
        {
            int offset = layout.TableOffset(memory);
            Field(w, offset, $"TlbEntry* {memory.Name}_tlb0", $"Translations of {memory.Name} where its mode is 0.");
            Field(w, offset + 8, $"TlbEntry* {memory.Name}_tlb1", "The same where it is 1.");
            Field(w, offset + 16, $"TlbEntry* {memory.Name}_tlb", "The one of the two that is in use.");
            Field(w, offset + 24, $"int {memory.Name}_mode", "The mode in use.");
        }
        foreach (DeferredGroup group in context.Model.Groups)
        {
            string name = BodyEmitter.Identifier(group), type = StateLayout.ArgumentSize(group) switch { 4 => "uint", 8 => "ulong", _ => "UInt128" };
            for (int i = 0; i < group.MaxArguments; i++)
                Field(w, layout.ArgumentsOffset(group) + i * StateLayout.ArgumentSize(group), $"{type} {name}_{Int(i)}", $"Argument {Int(i)} of the function {group.Name} was last assigned from.");
            Field(w, layout.FunctionOffset(group), $"byte {name}", $"Number of that function; 0 when the fields of {group.Name} are in place.");
        }
        foreach (StateAtom atom in context.Model.Atoms) Field(w, layout.Offset(atom), Declaration(atom), Summary(atom));
        for (int i = 0; i < layout.ResultCount; i++)
        {
            Field(w, layout.ResultsOffset + 16 * i, $"ulong Result{Int(i + 1)}", $"Result {Int(i + 2)} of the function called last.");
        }
        w.Close();
        yield return new EmittedFile($"{context.P}.State.cs", w.ToString());
    }

    private static void Field(CodeWriter w, int offset, string declaration, string summary) =>
        w.Summary(summary).Line($"[FieldOffset({Int(offset)})] public {declaration};");

    private static string Declaration(StateAtom atom)
    {
        string type = StorageType(atom.Width);
        if (!atom.IsArray) return $"{type} {Member(atom.Identifier)}";
        // C# has no fixed buffers of 128-bit elements: the name gives the first, code addresses the others by offset.
        return StateLayout.ElementSize(atom) == 16 ? $"UInt128 {Member(atom.Identifier)}" : $"fixed {type} {Member(atom.Identifier)}[{Int(atom.Count)}]";
    }

    private static string Summary(StateAtom atom)
    {
        string what = $"{atom.Name}: {Int(atom.Width)} bit{(atom.Width == 1 ? "" : "s")}{(atom.IsArray ? $", {Int(atom.Count)} elements" : "")}";
        if (atom.IsPc) what += "; the program counter, current between blocks";
        if (atom.Role is not null) what += $"; resource({atom.Role})";
        if (atom.Group is not null) what += $"; valid when {BodyEmitter.Identifier(atom.Group)} is 0";
        return what + ".";
    }
}
