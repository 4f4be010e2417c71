using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Binding;

/// <summary>A model with other bodies than its predecessor.</summary>
/// <param name="Model">The model.</param>
/// <param name="Bindings">What its binding found out.</param>
/// <param name="Functions">The functions whose bodies were bound again.</param>
internal sealed record RevisedModel(IsaModel Model, Bindings Bindings, ImmutableArray<IrFunction> Functions);
