using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Functions and tables that decode code uses; each is emitted once, as a private method beside the code.</summary>
internal sealed class FunctionPool(DecodeShape shape, bool readsState)
{
    private readonly HashSet<IrFunction> functions = new();
    private readonly Queue<IrFunction> pending = new();
    private readonly Dictionary<IrTable, string> tables = new();

    public string Function(IrFunction function)
    {
        if (functions.Add(function)) pending.Enqueue(function);
        return "F_" + function.Name;
    }

    public string Table(IrTable table)
    {
        if (!tables.TryGetValue(table, out string? name)) tables.Add(table, name = "T_" + table.Name);
        return name;
    }

    /// <summary>The methods, one text each.</summary>
    public IEnumerable<CodeWriter> Emit()
    {
        while (pending.Count > 0) yield return Emit(pending.Dequeue());
        foreach (KeyValuePair<IrTable, string> table in tables) yield return Emit(table.Key, table.Value);
    }

    private CodeWriter Emit(IrFunction function)
    {
        var writer = new CodeWriter();
        string result = function.Results.Length switch
        {
            0 => "void",
            1 => TypeOf(function.Results[0].Width),
            _ => "(" + string.Join(", ", function.Results.Select(r => TypeOf(r.Width))) + ")",
        };
        IEnumerable<string> parameters = function.Parameters.Select(p => $"{TypeOf(p.Width)} {Local(p.Name)}");
        if (readsState) parameters = new[] { "CpuHeader* s" }.Concat(parameters);
        writer.Open($"private static {result} F_{function.Name}({string.Join(", ", parameters)})");
        new DecodeStatements(writer, new DecodeExpressions(shape, this, readsState), "").Emit(IrSimplifier.Simplify(function.Body));
        writer.Close();
        return writer;
    }

    private static CodeWriter Emit(IrTable table, string name)
    {
        var writer = new CodeWriter();
        string type = TypeOf(table.Width), storage = table.Width == 1 ? "bool" : StorageType(table.Width);
        writer.Open($"private static {type} {name}(ulong index)");
        if (storage == "UInt128")
        {
            writer.Open("switch (index)");
            for (int k = 0; k < table.Values.Length; k++) writer.Line($"case {Int(k)}: return {Literal(table.Values[k], table.Width)};");
            writer.Line("default: return default;").Close();
        }
        else
        {
            string values = string.Join(", ", table.Values.Select(v => table.Width == 1 ? Literal(v, 1) : "0x" + Hex(v)));
            writer.Line($"ReadOnlySpan<{storage}> values = new {storage}[] {{ {values} }};");
            writer.Line($"return index < {Int(table.Values.Length)} ? values[(int)index] : default;");
        }
        return writer.Close();
    }
}
