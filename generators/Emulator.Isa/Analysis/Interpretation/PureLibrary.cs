using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>Calls the methods that pure externs name, where the process has them.</summary>
internal static class PureLibrary
{
    private static readonly ConcurrentDictionary<string, MethodInfo?> Methods = new(StringComparer.Ordinal);

    /// <summary>Results of a pure extern; null when its method is not in this process.</summary>
    public static BigInteger[]? Call(IrFunction function, BigInteger[] arguments)
    {
        if (function.Extern?.Method is not { } name || Methods.GetOrAdd(name, n => Find(n, function)) is not { } method) return null;
        ParameterInfo[] parameters = method.GetParameters();
        var values = new object?[parameters.Length];
        for (int i = 0; i < arguments.Length; i++) values[i] = Convert(arguments[i], parameters[i].ParameterType);
        object? first = method.Invoke(null, values);
        return function.Results.Select((r, i) => IrMath.Wrap(Number(i == 0 ? first : values[arguments.Length + i - 1]), r.Width)).ToArray();
    }

    /// <summary>The method of a full name with as many parameters as the extern has parameters and further results.</summary>
    private static MethodInfo? Find(string name, IrFunction function)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0) return null;
        int count = function.Parameters.Length + Math.Max(0, function.Results.Length - 1);
        return AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name.Substring(0, dot))).OfType<Type>()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .FirstOrDefault(m => m.Name == name.Substring(dot + 1) && m.GetParameters().Length == count && m.GetParameters().All(p => p.IsOut || Known(p.ParameterType)));
    }

    private static bool Known(Type type) => type == typeof(bool) || type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    private static object Convert(BigInteger value, Type type) => type == typeof(bool) ? !value.IsZero
        : type == typeof(byte) ? (byte)(value & byte.MaxValue)
        : type == typeof(ushort) ? (ushort)(value & ushort.MaxValue)
        : type == typeof(uint) ? (uint)(value & uint.MaxValue)
        : (object)(ulong)(value & ulong.MaxValue);

    private static BigInteger Number(object? value) => value switch
    {
        bool b => b ? BigInteger.One : BigInteger.Zero,
        byte b => b,
        ushort s => s,
        uint i => i,
        ulong l => l,
        _ => BigInteger.Zero,
    };
}
