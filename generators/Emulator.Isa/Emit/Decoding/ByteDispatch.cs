using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Finds the forms of a byte encoding: switches over the opcode bytes, then over the digit of the slash field, then the candidates in turn.</summary>
internal sealed class ByteDispatch(DecodeShape shape)
{
    private readonly List<CodeWriter> methods = new();
    private readonly HashSet<FormModel> followed = new();
    private readonly DecodeVariable? slash = shape.Model.Decode.SlashField;

    /// <summary>The dispatching methods, in order.</summary>
    public IReadOnlyList<CodeWriter> Methods => methods;

    /// <summary>Forms after which others are tried.</summary>
    public IReadOnlyCollection<FormModel> Followed => followed;

    /// <summary>Fields that forms tried before a form may have filled although it has them not.</summary>
    public Dictionary<FormModel, HashSet<DecodeVariable>> Left { get; } = new();

    /// <summary>Emits everything; the entry is <c>Opcode</c>.</summary>
    public void Emit()
    {
        List<FormModel> forms = FormOrder.Sort(shape.Model.Decode.Forms);
        Switch("Opcode", new List<byte>(), forms);
    }

    private int Length(FormModel form) => shape.Opcode(form).Length;

    private bool Accepts(FormModel form, int position, byte value)
    {
        byte[] opcode = shape.Opcode(form);
        if (position >= opcode.Length) return true;
        int free = form.Plus is { } plus && position == opcode.Length - 1 ? (1 << plus.Width) - 1 : 0;
        return (value & ~free) == opcode[position];
    }

    /// <summary>The call that decides between candidates once some bytes are known.</summary>
    private string Call(List<byte> path, List<FormModel> forms)
    {
        if (forms.Count == 1 && Length(forms[0]) <= path.Count) return Call(forms[0], path.Count);
        string name = "Opcode_" + string.Join("_", path.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
        if (forms.Exists(f => Length(f) > path.Count)) Switch(name, path, forms);
        else Choose(name, path, forms);
        return $"{name}({shape.Arguments})";
    }

    private string Call(FormModel form, int consumed)
    {
        int back = consumed - Length(form);
        string position = back == 0 ? "at" : $"at - {Int(back)}";
        return $"{FormMethods.Name(form)}(i, bytes, limit, {position}, pc)";
    }

    private void Switch(string name, List<byte> path, List<FormModel> forms)
    {
        int depth = path.Count;
        CodeWriter writer = Begin(name, path);
        writer.Open("if (at >= limit)");
        Attempts(writer, forms.TakeWhile(f => Length(f) <= depth).ToList(), depth, "Missing(at + 1)");
        writer.Close();
        writer.Open("switch (bytes[at++])");
        var arms = Enumerable.Range(0, 256)
            .Select(v => (Value: (byte)v, Forms: forms.Where(f => Accepts(f, depth, (byte)v) && DigitFits(f, depth, (byte)v)).ToList()))
            .GroupBy(a => string.Join(",", a.Forms.Select(f => f.Index)), StringComparer.Ordinal)
            .Select(g => (Values: g.Select(a => a.Value).ToList(), g.First().Forms)).ToList();
        // Bytes that only forms ended before accept differ in the digit at most: those forms read it themselves.
        var rest = forms.Where(f => Length(f) <= depth).ToList();
        foreach (var (values, candidates) in arms)
        {
            if (!candidates.Exists(f => Length(f) > depth)) continue;
            writer.Line(string.Join(" ", values.Select(v => $"case 0x{v:X2}:"))).Indent();
            writer.Line($"return {Call(path.Concat(values.Take(1)).ToList(), candidates)};").Unindent();
        }
        if (rest.Count == 0) writer.Line("default: return None;");
        else
        {
            string other = rest.Count == 1 ? Call(rest[0], depth) : $"{name}_Rest({shape.Arguments})";
            writer.Line("default:").Indent().Line("at--;").Line($"return {other};").Unindent();
            if (rest.Count > 1) Choose(name + "_Rest", path, rest);
        }
        writer.Close();
        writer.Close();
        methods.Add(writer);
    }

    /// <summary>Whether a form that has ended can have this byte as its slash field.</summary>
    private bool DigitFits(FormModel form, int position, byte value)
    {
        if (form.Slash is not >= 0 || Length(form) != position) return true;
        DecodeVariable part = slash!.SlashPart!;
        return part.LowBit + part.Width > 8 || (value >> part.LowBit & (1 << part.Width) - 1) == form.Slash;
    }

    private void Choose(string name, List<byte> path, List<FormModel> forms)
    {
        int depth = path.Count;
        CodeWriter writer = Begin(name, path);
        bool digits = forms.Count(f => f.Slash >= 0 && Length(f) == depth) > 1 && slash!.SlashPart!.LowBit + slash.SlashPart.Width <= 8;
        if (!digits)
        {
            Attempts(writer, forms, depth);
            writer.Close();
            methods.Add(writer);
            return;
        }
        DecodeVariable part = slash!.SlashPart!;
        writer.Open("if (at >= limit)");
        Attempts(writer, forms, depth);
        writer.Close();
        writer.Open($"switch (bytes[at] >> {Int(part.LowBit)} & {Int((1 << part.Width) - 1)})");
        for (int digit = 0; digit < 1 << part.Width; digit++)
        {
            var candidates = forms.Where(f => f.Slash is not >= 0 || Length(f) != depth || f.Slash == digit).ToList();
            if (candidates.Count == 0) continue;
            writer.Line($"case {Int(digit)}:");
            if (candidates.Count > 1) writer.Open();
            else writer.Indent();
            Attempts(writer, candidates, depth);
            if (candidates.Count > 1) writer.Close();
            else writer.Unindent();
        }
        writer.Line("default: return None;").Close().Close();
        methods.Add(writer);
    }

    /// <summary>Tries candidates in turn.</summary>
    /// <param name="otherwise">What is returned where none matches.</param>
    private void Attempts(CodeWriter writer, List<FormModel> forms, int depth, string otherwise = "None")
    {
        for (int k = 0; k < forms.Count; k++)
        {
            foreach (FormModel before in forms.Take(k)) NoteLeft(before, forms[k]);
            if (k == forms.Count - 1 && otherwise == "None")
            {
                writer.Line($"return {Call(forms[k], depth)};");
                return;
            }
            followed.Add(forms[k]);
            writer.Line($"{(k == 0 ? "int " : "")}length = {Call(forms[k], depth)};").Line("if (length != None) return length;");
        }
        writer.Line($"return {otherwise};");
    }

    private void NoteLeft(FormModel before, FormModel form)
    {
        var fields = new List<DecodeVariable>();
        if (before.Slash is not null && form.Slash is null) fields.Add(slash!);
        if (before.Plus is { } plus && form.Plus != plus) fields.Add(plus);
        if (fields.Count == 0) return;
        if (!Left.TryGetValue(form, out HashSet<DecodeVariable>? left)) Left.Add(form, left = new HashSet<DecodeVariable>());
        left.UnionWith(fields);
    }

    private CodeWriter Begin(string name, List<byte> path)
    {
        var writer = new CodeWriter();
        writer.Summary(path.Count == 0 ? "What the opcode says." : "After " + string.Join(" ", path.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))) + ".");
        return writer.Open($"private static int {name}({shape.Parameters})");
    }
}
