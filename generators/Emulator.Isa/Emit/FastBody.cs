using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The path that never calls; see <see cref="FastPath"/>.</summary>
internal sealed class FastBody(EmitContext context, CodeWriter writer, VariantModel variant, IrStmt.Block body, SlotPlan plan, string general)
    : HandlerBody(context, writer, variant, body, plan, new())
{
    protected override void Tail() => Writer.Margin("slow:").Line($"return {general}(h, op);");

    protected override void If(IrStmt.If s)
    {
        bool then = FastPath.IsSlow(s.Then);
        if (!then && !FastPath.IsSlow(s.Else))
        {
            base.If(s);
            return;
        }
        string condition = Emit(s.Condition);
        Writer.Line(then ? $"if ({condition}) goto slow;" : $"if (!{Wrap(condition)}) goto slow;");
        Emit(then ? s.Else : s.Then);
    }

    protected override void Load(IrLocal result, MemorySpec memory, IrExpr address, IrExpr? mode, IrAccess? forWrite)
    {
        int bits = result.Width;
        string storage = StorageType(bits), place = Place(memory, address, mode, bits, forWrite is null ? "ReadTag" : "WriteTag");
        if (forWrite is not null)
        {
            Writer.Line($"var {Local(forWrite.Name)} = ({storage}*)({place});");
            place = Local(forWrite.Name);
        }
        else place = $"({storage}*)({place})";
        Writer.Line($"{TypeOf(bits)} {Local(result.Name)} = {Swapped(memory, bits, Narrow(TypeOf(bits), "*" + place))};");
    }

    protected override void Store(MemorySpec memory, IrExpr address, IrExpr value, IrExpr? mode)
    {
        string place = Place(memory, address, mode, value.Width, "WriteTag");
        Put($"({StorageType(value.Width)}*)({place})", memory, value);
    }

    protected override void StoreBack(IrStmt.StoreBack s) => Put(Local(s.Access.Name), s.Access.Memory, s.Value);

    private void Put(string pointer, MemorySpec memory, IrExpr value)
    {
        string text = Swapped(memory, value.Width, Emit(value)), storage = StorageType(value.Width);
        if (value.Width == 1) text = $"({text} ? 1 : 0)";
        Writer.Line($"*{pointer} = {(storage == TypeOf(value.Width) ? text : $"({storage}){Wrap(text)}")};");
    }

    /// <summary>Looks the address up; its host address as C#.</summary>
    private string Place(MemorySpec memory, IrExpr address, IrExpr? mode, int bits, string tag)
    {
        string id = Unique();
        Writer.Line($"{(memory.AddressWidth <= 32 ? "uint" : "ulong")} p{id} = {Emit(address)};");
        Writer.Line($"var e{id} = {Table(memory, mode)} + (p{id} >> 12 & (TlbEntry.Count - 1));");
        Writer.Line($"if (e{id}->{tag} != {PageOf("p" + id, bits, memory)}) goto slow;");
        return $"e{id}->Addend + (nint)p{id}";
    }
}
