using Emulator.Isa.Semantics;

namespace Emulator.Isa.Binding;

/// <summary>Internal control flow: a body turned out to depend on an axis its form is not yet specialised on; the form is bound again with it.</summary>
internal sealed class AxisNeeded(DecodeVariable axis) : Exception
{
    public DecodeVariable Axis { get; } = axis;
}
