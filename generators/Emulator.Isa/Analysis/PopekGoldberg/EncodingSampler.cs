using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Makes encodings of forms at random.</summary>
internal sealed class EncodingSampler(IsaModel model, IrInterpreter interpreter)
{
    /// <summary>Where sampled instructions stand.</summary>
    public const int Pc = 0x1000;

    private readonly Dictionary<IrFunction, ILookup<int, BigInteger>> constants = new();
    private Random random = new(1);

    public Random Random { set => random = value; }

    /// <summary>An instruction of a form; null where the bytes tried are not one.</summary>
    /// <param name="attempt">Number of the attempt: the first two hundred have no prefixes.</param>
    /// <param name="state">The state that decoding reads.</param>
    public DecodedInstruction? Decode(FormModel form, int attempt, ConcreteState state) => FormDecoder.Decode(model, interpreter, form, Encoding(form, attempt), Pc, state);

    /// <summary>How many values of a field of its word a body tells apart, at most.</summary>
    public int Choices(FormModel form, IrFunction body) => form.FormatFields.IsEmpty ? 0 : form.FormatFields.Max(f => Constants(body)[f.Width].Count());

    /// <summary>Bytes that may be the form: its fixed bits, and anything for the rest; simple ones first.</summary>
    private byte[] Encoding(FormModel form, int attempt)
    {
        if (model.Decode.Words) return Bytes(form, form.Value | ((ulong)Number(form.WordBits) & ~form.Mask));
        var bytes = new List<byte>();
        if (attempt >= 200 && model.Decode.Prefixes.Count > 0)
        {
            byte[] prefixes = model.Decode.Prefixes.Keys.OrderBy(b => b).ToArray();
            for (int n = random.Next(1, 3); n > 0; n--) bytes.Add(prefixes[random.Next(prefixes.Length)]);
        }
        bytes.AddRange(form.Bytes);
        if (form.Plus is { } plus) bytes[bytes.Count - 1] |= (byte)random.Next(1 << plus.Width);
        if (form.Slash is { } digit && model.Decode.SlashField is { } slash)
        {
            BigInteger value = Number(slash.Width);
            if (digit >= 0 && slash.SlashPart is { } part) value = (value & ~(IrMath.Mask(part.Width) << part.LowBit)) | ((BigInteger)digit << part.LowBit);
            for (int i = 0; i < slash.Width / 8; i++) bytes.Add((byte)((value >> (8 * i)) & 0xFF));
        }
        for (int i = 0; i < 16; i++) bytes.Add((byte)(random.Next(3) == 0 ? random.Next(256) : 0));
        return bytes.ToArray();
    }

    /// <summary>
    /// The instruction with another value in a field of its word: rather one the body has as a constant of the field's width, such as the number of a control register.
    /// Null where that is not the form.
    /// </summary>
    public DecodedInstruction? Reencode(DecodedInstruction instruction, IrFunction body, ConcreteState state)
    {
        FormModel form = instruction.Variant.Form;
        if (form.FormatFields.IsEmpty) return null;
        DecodeVariable field = form.FormatFields[random.Next(form.FormatFields.Length)];
        BigInteger[] known = Constants(body)[field.Width].ToArray();
        BigInteger value = known.Length > 0 && random.Next(4) != 0 ? known[random.Next(known.Length)] : Number(field.Width);
        BigInteger word = instruction.Word;
        int remaining = field.Width;
        foreach ((int high, int low) in field.Pieces)
        {
            int width = high - low + 1;
            remaining -= width;
            BigInteger free = (IrMath.Mask(width) << low) & ~(BigInteger)form.Mask;
            word = (word & ~free) | (((value >> remaining) << low) & free);
        }
        return FormDecoder.Decode(model, interpreter, form, Bytes(form, (ulong)word), Pc, state);
    }

    /// <summary>The constants of a body and of what it calls, by width.</summary>
    private ILookup<int, BigInteger> Constants(IrFunction body)
    {
        if (constants.TryGetValue(body, out ILookup<int, BigInteger>? known)) return known;
        var found = new HashSet<(int Width, BigInteger Value)>();
        var seen = new HashSet<IrFunction>();
        Collect(body);
        known = found.OrderBy(c => c.Width).ThenBy(c => c.Value).ToLookup(c => c.Width, c => c.Value);
        constants.Add(body, known);
        return known;

        void Collect(IrFunction function)
        {
            if (!seen.Add(function) || function.Extern is not null) return;
            IrTree.Visit(model.BodyOf(function), s =>
            {
                if (s is IrStmt.Call call) Collect(call.Function);
            }, e =>
            {
                if (e is IrExpr.Const c) found.Add((c.Width, c.Value));
                else if (e is IrExpr.Call call) Collect(call.Function);
            });
        }
    }

    private byte[] Bytes(FormModel form, ulong word)
    {
        int length = form.WordBits / 8;
        var result = new byte[length];
        for (int i = 0; i < length; i++) result[i] = (byte)(word >> (8 * (model.Decode.FetchMemory.BigEndian ? length - 1 - i : i)));
        return result;
    }

    /// <summary>A number of a width, small as often as not.</summary>
    public BigInteger Number(int width)
    {
        var bytes = new byte[17];
        random.NextBytes(bytes);
        bytes[16] = 0;
        return new BigInteger(bytes) & IrMath.Mask(random.Next(2) == 0 ? width : Math.Min(width, 12));
    }
}
