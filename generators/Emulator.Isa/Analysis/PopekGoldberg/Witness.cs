using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// A concrete proof that a form is critical: two states that agree in all user state and in storage, the second one the guest's, and one instruction. The guest's execution does
/// not trap, and yet the two do not leave the same behind, or a resource changed.
/// </summary>
/// <param name="Form">The form.</param>
/// <param name="Profile">The profile it is critical under.</param>
/// <param name="Instruction">The instruction.</param>
/// <param name="Reference">The state compared with, before.</param>
/// <param name="Guest">The guest's state, before.</param>
/// <param name="ReferenceRun">What the execution in the first state does and leaves.</param>
/// <param name="GuestRun">What the guest's does and leaves.</param>
public sealed record Witness(FormModel Form, ProfileModel Profile, DecodedInstruction Instruction, ConcreteState Reference, ConcreteState Guest, WitnessRun ReferenceRun, WitnessRun GuestRun)
{
    /// <summary>Elements of states that are not as after a reset or differ between the two states, by declaration.</summary>
    public IEnumerable<(StateAtom Atom, int Index, BigInteger Reference, BigInteger Guest)> States(IsaModel model)
    {
        foreach (StateAtom atom in model.Atoms.Where(a => a.Derived is null))
        {
            for (int i = 0; i < Math.Max(1, atom.Count); i++)
            {
                BigInteger a = Reference[atom, i];
                BigInteger b = Guest[atom, i];
                if (a != b || a != atom.Reset) yield return (atom, i, a, b);
            }
        }
    }

    /// <summary>What the two executions leave behind differently from what they began with, side by side.</summary>
    public IEnumerable<(string Place, string Reference, string Guest)> Outcomes(IsaModel model)
    {
        yield return ("outcome", ReferenceRun.Describe(), GuestRun.Describe());
        foreach (StateAtom atom in model.Atoms.Where(a => a.Derived is null))
        {
            for (int i = 0; i < Math.Max(1, atom.Count); i++)
            {
                BigInteger a = ReferenceRun.Final[atom, i];
                BigInteger b = GuestRun.Final[atom, i];
                if (a == Reference[atom, i] && b == Guest[atom, i] && a == b) continue;
                if (a == Reference[atom, i] && b == Guest[atom, i] && atom.Role is not null) continue;
                yield return (NameOf(model, atom, i), Hex(a), Hex(b));
            }
        }
        foreach (MemorySpec bus in model.Memories.Where(m => m.IsBus))
        {
            foreach (BigInteger address in ReferenceRun.Final.Bytes(bus).Concat(GuestRun.Final.Bytes(bus)).Select(x => x.Key).Distinct().OrderBy(x => x))
            {
                byte a = ReferenceRun.Final.Byte(bus, address);
                byte b = GuestRun.Final.Byte(bus, address);
                if (a != b || a != Reference.Byte(bus, address)) yield return ($"{bus.Name}[{Hex(address)}]", Hex(a), Hex(b));
            }
        }
        if (ReferenceRun.Final.Flushes != GuestRun.Final.Flushes || GuestRun.Final.Flushes > 0)
            yield return ("translations dropped", ReferenceRun.Final.Flushes > 0 ? "yes" : "no", GuestRun.Final.Flushes > 0 ? "yes" : "no");
    }

    /// <summary>Name of an element of a state: its alias where it has one.</summary>
    public static string NameOf(IsaModel model, StateAtom atom, int index)
    {
        if (!atom.IsArray) return atom.Name;
        int dot = atom.Name.IndexOf('.');
        string state = dot < 0 ? atom.Name : atom.Name.Substring(0, dot);
        string rest = dot < 0 ? "" : atom.Name.Substring(dot);
        foreach (KeyValuePair<string, (string State, int Index)> alias in model.Aliases)
        {
            if (alias.Value == (state, index)) return alias.Key + rest;
        }
        return $"{state}[{index}]{rest}";
    }

    public static string Hex(BigInteger value) => value < 10 ? value.ToString() : "0x" + value.ToString("X").TrimStart('0');
}
