using System.Text;
using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>What decoding depends on, as a key.</summary>
internal static class Outline
{
    /// <summary>
    /// The texts without bodies, but for those of functions that declarations and decoding depend on; and what bodies contribute: which axes each form is specialised on,
    /// how many variants each case has, and the decode variables there are.
    /// </summary>
    public static string KeyOf(IsaFiles files, IReadOnlyCollection<BoundInstance> instances)
    {
        var text = new StringBuilder();
        var used = new HashSet<string>(instances.SelectMany(i => i.Facts?.Declared(i.Binder!.Decoding).Select(i.Binder.DeclarationOf) ?? Enumerable.Empty<string?>()).OfType<string>(), StringComparer.Ordinal);
        foreach (var file in files.Files)
        {
            text.Append(file.Path).Append('\n').Append(file.OutlineKey).Append('\n');
            foreach (var function in file.Declarations.OfType<Decl.Function>())
            {
                if (used.Contains(function.Name)) text.Append(function.Name).Append('\n').Append(function.BodyKey).Append('\n');
            }
        }
        foreach (var instance in instances)
        {
            text.Append(instance.Name).Append(':');
            foreach (var variable in instance.Model.Decode.Variables) text.Append(variable.Name).Append(' ');
            foreach (var form in instance.Model.Decode.Forms)
            {
                text.Append(';');
                foreach (var axis in form.Axes) text.Append(axis.Name).Append(' ');
                foreach (var formCase in form.Cases) text.Append(formCase.Variants.Count).Append(' ');
            }
        }
        return SpecKeys.Hash(text.ToString());
    }
}
