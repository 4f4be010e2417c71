using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Finds the forms of a word encoding: a decision tree over the bits that tell them apart, for each width of words.</summary>
internal sealed class WordDispatch(DecodeShape shape)
{
    private const int Few = 3;
    private readonly List<CodeWriter> methods = new();
    private readonly HashSet<FormModel> followed = new();

    public IReadOnlyList<CodeWriter> Methods => methods;

    /// <summary>Forms after which others are tried.</summary>
    public IReadOnlyCollection<FormModel> Followed => followed;

    /// <summary>Widths of words, ascending.</summary>
    private List<int> Widths => shape.Model.Decode.Forms.Select(f => f.WordBits).Where(w => w > 0).Distinct().OrderBy(w => w).ToList();

    private bool BigEndian => shape.Model.Decode.FetchMemory.BigEndian;

    /// <summary>Emits everything; the entry is <c>Opcode</c>: shorter words first, longer ones where none matches.</summary>
    public void Emit()
    {
        var writer = new CodeWriter();
        writer.Summary("What the word says.").Open($"private static int Opcode({shape.Parameters})").Line("int length;");
        int previous = 0;
        foreach (int width in Widths)
        {
            int bytes = width / 8;
            if (previous == 0) writer.Line($"if (limit < {Int(bytes)}) return Missing({Int(bytes)});");
            else writer.Line($"if (limit < {Int(bytes)}) return {MayBe(previous)} ? Missing({Int(bytes)}) : None;");
            writer.Line($"i->Bits = {Read(bytes)};").Line($"at = {Int(bytes)};");
            writer.Line($"length = {Tree($"Word{Int(width)}", FormOrder.Sort(shape.Model.Decode.Forms.Where(f => f.WordBits == width)), 0)};");
            writer.Line("if (length != None) return length;");
            previous = width;
        }
        writer.Line("return None;").Close();
        methods.Insert(0, writer);
    }

    private string Read(int bytes)
    {
        if (bytes is 1) return "bytes[0]";
        if (bytes is 2 or 4 or 8)
        {
            string text = $"Unsafe.ReadUnaligned<{StorageType(bytes * 8)}>(bytes)";
            return BigEndian ? $"System.Buffers.Binary.BinaryPrimitives.ReverseEndianness({text})" : text;
        }
        return string.Join(" | ", Enumerable.Range(0, bytes).Select(k => $"(ulong)bytes[{Int(k)}] << {Int(8 * (BigEndian ? bytes - 1 - k : k))}"));
    }

    /// <summary>Whether a longer word may begin like this one.</summary>
    private string MayBe(int width)
    {
        ulong ones = width == 64 ? ulong.MaxValue : (1ul << width) - 1;
        var heads = shape.Model.Decode.Forms.Where(f => f.WordBits > width)
            .Select(f => BigEndian ? (Mask: f.Mask >> (f.WordBits - width), Value: f.Value >> (f.WordBits - width)) : (Mask: f.Mask & ones, Value: f.Value & ones)).Distinct().ToList();
        heads.RemoveAll(h => heads.Exists(g => g != h && (g.Mask & ~h.Mask) == 0 && (h.Value & g.Mask) == g.Value));
        return "(" + string.Join(" || ", heads.Select(h => $"(i->Bits & 0x{h.Mask:X}ul) == 0x{h.Value:X}ul")) + ")";
    }

    /// <summary>The call that decides between forms when the bits in <paramref name="known"/> are known to fit all of them.</summary>
    private string Tree(string name, List<FormModel> forms, ulong known)
    {
        var writer = new CodeWriter();
        writer.Open($"private static int {name}({shape.Parameters})");
        Node(writer, name, forms, known);
        writer.Close();
        methods.Add(writer);
        return $"{name}({shape.Arguments})";
    }

    private void Node(CodeWriter writer, string name, List<FormModel> forms, ulong known)
    {
        (int low, int count) = forms.Count <= Few ? (0, 0) : Choose(forms, known);
        var arms = Enumerable.Range(0, 1 << count)
            .Select(v => (Value: v, Forms: forms.Where(f => Accepts(f, low, count, v)).ToList()))
            .GroupBy(a => string.Join(",", a.Forms.Select(f => f.Index)), StringComparer.Ordinal)
            .Select(g => (Values: g.Select(a => a.Value).ToList(), g.First().Forms)).ToList();
        if (count == 0 || arms.TrueForAll(a => a.Forms.Count == forms.Count))
        {
            Attempts(writer, forms, known);
            return;
        }
        ulong tested = known | ((1ul << count) - 1) << low;
        string bits = low == 0 ? "i->Bits" : $"(i->Bits >> {Int(low)})";
        writer.Open($"switch ((int)({bits} & 0x{(1ul << count) - 1:X}))");
        foreach (var (values, candidates) in arms.Where(a => a.Forms.Count > 0))
        {
            writer.Line(string.Join(" ", values.Select(v => $"case 0x{v:X}:"))).Indent();
            if (candidates.Count <= Few)
            {
                writer.Open();
                Attempts(writer, candidates, tested);
                writer.Close();
            }
            else writer.Line($"return {Tree($"{name}_{values[0]:X}", candidates, tested)};");
            writer.Unindent();
        }
        writer.Line("default: return None;").Close();
    }

    private static bool Accepts(FormModel form, int low, int count, int value)
    {
        ulong mask = ((1ul << count) - 1) << low & form.Mask;
        return ((ulong)value << low & mask) == (form.Value & mask);
    }

    /// <summary>The run of up to 8 bits that most forms fix; among those, the one that tells most of them apart.</summary>
    private static (int Low, int Count) Choose(List<FormModel> forms, ulong known)
    {
        (int Low, int Count) best = (0, 0);
        (int Fixing, int Arms) score = (0, 1);
        for (int low = 0; low < 64; low++)
        {
            ulong run = 0;
            for (int count = 1; count <= 8 && low + count <= 64; count++)
            {
                run |= 1ul << (low + count - 1);
                if ((known & run) != 0) break;
                int fixing = forms.Count(f => (f.Mask & run) == run);
                if (fixing == 0) break;
                int apart = forms.Where(f => (f.Mask & run) == run).Select(f => f.Value & run).Distinct().Count();
                if (apart > 1 && (fixing, apart).CompareTo(score) > 0) (best, score) = ((low, count), (fixing, apart));
            }
        }
        return best;
    }

    private void Attempts(CodeWriter writer, List<FormModel> forms, ulong known)
    {
        for (int k = 0; k < forms.Count; k++)
        {
            FormModel form = forms[k];
            if (k < forms.Count - 1) followed.Add(form);
            string call = $"{FormMethods.Name(form)}({shape.Arguments})";
            string? test = (form.Mask & ~known) != 0 ? $"if ((i->Bits & 0x{form.Mask:X}ul) == 0x{form.Value:X}ul)" : null;
            if (test is not null) writer.Open(test);
            if (test is null && k == forms.Count - 1)
            {
                writer.Line($"return {call};");
                return;
            }
            writer.Line($"int length{Int(k)} = {call};").Line($"if (length{Int(k)} != None) return length{Int(k)};");
            if (test is not null) writer.Close();
        }
        writer.Line("return None;");
    }
}
