using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>What the state structures of an ISA's instances have in common, as an interface each of them implements: generic code is specialised for each, at no cost.</summary>
internal static class CommonStateEmitter
{
    private const int WidestElement = 8;

    /// <summary>The states all instances have by the same name, as often; each as wide as the widest.</summary>
    public static EmittedFile Emit(string isa, IReadOnlyList<IsaModel> models, EmitOptions options)
    {
        string name = $"I{Pascal(isa)}State";
        List<(StateAtom Atom, string Type)> common = models[0].Atoms.Where(a => models.All(m => Find(m, a) is not null))
            .Select(a => (a, StorageType(models.Max(m => Find(m, a)!.Width)))).ToList();
        CodeWriter w = CodeWriter.File(options.Namespace);
        w.Summary($"The states that all instances of {isa} have, wherever they stand: a value is as wide as in the widest of them. Deferred ones are valid when settled.");
        w.Open($"public interface {name}");
        foreach ((StateAtom atom, string type) in common)
        {
            if (!atom.IsArray)
            {
                w.Summary($"{atom.Name}.").Line($"{type} {Member(atom.Identifier)} {{ get; set; }}");
                continue;
            }
            w.Summary($"An element of {atom.Name}, of {Int(atom.Count)}.").Line($"{type} {Member(atom.Identifier)}(int index);");
            w.Summary($"Sets an element of {atom.Name}{(atom.HardWiredZero < 0 ? "" : $"; element {Int(atom.HardWiredZero)} stays zero")}.").Line($"void {Member(atom.Identifier)}(int index, {type} value);");
        }
        w.Close();
        foreach (IsaModel model in models)
        {
            w.Line();
            w.Open($"public unsafe partial struct {Pascal(model.Name)}State : {name}");
            foreach ((StateAtom atom, string type) in common) Implement(w, name, Find(model, atom)!, type);
            w.Close();
        }
        return new EmittedFile($"{Pascal(isa)}.CommonState.cs", w.ToString());
    }

    private static void Implement(CodeWriter w, string name, StateAtom atom, string type)
    {
        string member = Member(atom.Identifier), own = StorageType(atom.Width), value = own == type ? "value" : $"({own})value";
        if (!atom.IsArray)
        {
            w.Line($"{type} {name}.{member} {{ get => {member}; set => {member} = {value}; }}");
            return;
        }
        string unlessZero = atom.HardWiredZero < 0 ? "" : $"if (index != {Int(atom.HardWiredZero)}) ";
        w.Line($"{type} {name}.{member}(int index) => {member}[index];");
        w.Line($"void {name}.{member}(int index, {type} value) {{ {unlessZero}{member}[index] = {value}; }}");
    }

    /// <summary>The same state of another instance; null where there is none that is stored alike.</summary>
    private static StateAtom? Find(IsaModel model, StateAtom atom) => model.Atoms.FirstOrDefault(a => a.Identifier == atom.Identifier && a.Count == atom.Count
        && (!a.IsArray || StateLayout.ElementSize(a) <= WidestElement));
}
