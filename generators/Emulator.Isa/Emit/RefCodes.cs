using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>
/// How a decoded instruction denotes a register: 0 is <c>none</c>, then the elements of all views are numbered through in the order of the views.
/// </summary>
public static class RefCodes
{
    /// <summary>Code of element 0 of a view; the others follow.</summary>
    public static int Base(IsaModel model, StateView view) => 1 + model.Views.Where(v => v.Id < view.Id).Sum(v => v.Elements.Length);

    /// <summary>Code of an element of a view.</summary>
    public static int Of(IsaModel model, StateView view, int index) => Base(model, view) + index;

    /// <summary>One past the greatest code.</summary>
    public static int Count(IsaModel model) => 1 + model.Views.Sum(v => v.Elements.Length);
}
