using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>The instances an instruction set declares, with the values of its parameters.</summary>
internal static class InstanceParameters
{
    /// <summary>One entry per instance; an ISA without parameters and instances is its only one.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, BigInteger> Values)> Of(IsaFiles files, DiagnosticBag diagnostics)
    {
        var result = new List<(string, IReadOnlyDictionary<string, BigInteger>)>();
        var parameters = new Dictionary<string, Decl.Param>(StringComparer.Ordinal);
        foreach (var parameter in files.Files.SelectMany(f => f.Declarations.OfType<Decl.Param>()))
        {
            if (parameters.TryGetValue(parameter.Name, out var first)) diagnostics.Add(Twice(parameter.Span, $"the parameter '{parameter.Name}' is already declared", first.Span));
            else parameters.Add(parameter.Name, parameter);
        }
        var names = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        // The instances of the root replace those of a root it includes.
        var declaring = files.Files.FirstOrDefault(f => f.Declarations.OfType<Decl.Instance>().Any()) ?? files.Root;
        foreach (var instance in declaring.Declarations.OfType<Decl.Instance>())
        {
            if (names.TryGetValue(instance.Name, out var first)) diagnostics.Add(Twice(instance.Span, $"the instance '{instance.Name}' is already declared", first));
            else
            {
                names.Add(instance.Name, instance.Span);
                result.Add((instance.Name, Values(instance, parameters, diagnostics)));
            }
        }
        if (result.Count > 0) return result;
        if (parameters.Count == 0) return new[] { (files.Name, (IReadOnlyDictionary<string, BigInteger>)new Dictionary<string, BigInteger>()) };
        var open = parameters.Values.First();
        diagnostics.Add(SemanticDiagnostics.MissingDeclaration, open.Span,
            $"'{files.Name}' has parameters but no instance; declare one: instance NAME {{ {string.Join("; ", parameters.Values.Select(p => $"{p.Name} = {p.Values.FirstOrDefault()}"))} }}");
        return result;
    }

    private static Dictionary<string, BigInteger> Values(Decl.Instance instance, Dictionary<string, Decl.Param> parameters, DiagnosticBag diagnostics)
    {
        var values = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var (name, expression) in instance.Bindings)
        {
            if (!parameters.TryGetValue(name, out var parameter))
            {
                diagnostics.Add(SemanticDiagnostics.UnknownName, expression.Span, $"there is no parameter '{name}'{Suggestion.For(name, parameters.Keys)}");
                continue;
            }
            if (values.ContainsKey(name)) diagnostics.Add(Twice(expression.Span, $"'{name}' is given twice", instance.Span));
            if (Number(expression) is not { } value)
            {
                diagnostics.Add(SemanticDiagnostics.NotConstant, expression.Span, $"the value of '{name}' is a number");
                value = parameter.Values.FirstOrDefault();
            }
            else if (!parameter.Values.Contains(value))
            {
                diagnostics.Add(SemanticDiagnostics.BadParameter.At(expression.Span, $"'{name}' is one of {string.Join(", ", parameter.Values)}, not {value}") with { Related = Declared(parameter.Span) });
            }
            values[name] = value;
        }
        foreach (var parameter in parameters.Values)
        {
            if (values.ContainsKey(parameter.Name)) continue;
            diagnostics.Add(SemanticDiagnostics.BadParameter.At(instance.Span, $"the instance '{instance.Name}' gives no value for '{parameter.Name}'") with { Related = Declared(parameter.Span) });
            values[parameter.Name] = parameter.Values.FirstOrDefault();
        }
        return values;
    }

    private static BigInteger? Number(Expr e) => e switch
    {
        Expr.Number n => n.Value,
        Expr.Unary { Operator: TokenKind.Minus, Operand: Expr.Number n } => -n.Value,
        Expr.Name { Id: "true" } => BigInteger.One,
        Expr.Name { Id: "false" } => BigInteger.Zero,
        _ => null,
    };

    private static ImmutableArray<(SourceSpan, string)> Declared(SourceSpan span) =>
        ImmutableArray.Create((span, "declared here"));

    private static IsaDiagnostic Twice(SourceSpan span, string message, SourceSpan first) => SemanticDiagnostics.DuplicateName.At(span, message) with { Related = Declared(first) };
}
