using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>Copies of what a trap must undo: an element in a local of the method, an array or a group in the state structure.</summary>
internal static class SavedCopies
{
    /// <summary>A state in the generated structure, as C#.</summary>
    /// <param name="index">The element of an array; unused for a scalar.</param>
    public static string Place(EmitContext context, StateAtom atom, string? index)
    {
        if (!atom.IsArray) return "s->" + Member(atom.Identifier);
        if (StateLayout.ElementSize(atom) == 16) return $"((UInt128*)((byte*)s + {Int(context.Layout.Offset(atom))}))[{index}]";
        return $"s->{Member(atom.Identifier)}[{index}]";
    }

    /// <summary>Makes the copy with number <paramref name="i"/> of a key of <see cref="Rollback"/>.</summary>
    /// <param name="register">The register a decode variable denotes, as C#; null for other keys.</param>
    /// <param name="declare">Whether the copy is made for the first time.</param>
    public static string Make(EmitContext context, (object Key, int Element) key, int i, string? register, bool declare) =>
        (register ?? Single(context, key)) is { } place ? $"{(declare ? "var " : "")}saved{Int(i)} = {place};"
            : Copy(context.Layout.SavedOffset(key.Key), context.Layout.Source(key.Key).Offset, context.Layout.Source(key.Key).Size);

    /// <summary>Puts the copy back.</summary>
    /// <inheritdoc cref="Make"/>
    public static string PutBack(EmitContext context, (object Key, int Element) key, int i, string? register) =>
        (register ?? Single(context, key)) is { } place ? $"{place} = saved{Int(i)};"
            : Copy(context.Layout.Source(key.Key).Offset, context.Layout.SavedOffset(key.Key), context.Layout.Source(key.Key).Size);

    /// <summary>Whether the copy of a state is a local.</summary>
    public static bool IsLocal((object Key, int Element) key) => key.Key is StateAtom atom && (!atom.IsArray || key.Element >= 0);

    private static string? Single(EmitContext context, (object Key, int Element) key) => IsLocal(key) ? Place(context, (StateAtom)key.Key, Int(key.Element)) : null;

    private static string Copy(int to, int from, int size) => $"Unsafe.CopyBlockUnaligned((byte*)h + {Int(to)}, (byte*)h + {Int(from)}, {Int(size)});";
}
