using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Makes a witness small: everything goes back to its reset value, or to the value the other state has, that can.</summary>
internal sealed class WitnessShrinker(IsaModel model, WitnessCheck check)
{
    public WitnessCandidate Shrink(WitnessCandidate candidate, ProfileModel profile, Difference difference)
    {
        bool changed = true;
        for (int round = 0; round < 3 && changed; round++)
        {
            changed = false;
            for (int role = 0; role < candidate.Guest.Devices.Length; role++)
            {
                if (candidate.Reference.Devices[role] != candidate.Guest.Devices[role]) Try(c => c.Reference.Devices[role] = c.Guest.Devices[role]);
            }
            foreach (StateAtom atom in model.Atoms.Where(a => a.Derived is null && !difference.Guest.ContainsKey(a)))
            {
                for (int i = 0; i < Math.Max(1, atom.Count); i++)
                {
                    BigInteger reference = candidate.Reference[atom, i];
                    BigInteger guest = candidate.Guest[atom, i];
                    if (reference == atom.Reset && guest == atom.Reset) continue;
                    if (Try(c => (c.Reference[atom, i], c.Guest[atom, i]) = (atom.Reset, atom.Reset)) || (reference != guest && Try(c => c.Reference[atom, i] = guest))
                        || (reference == guest && FewerBits(atom, i, guest))) changed = true;
                }
            }
            foreach (MemorySpec bus in model.Memories.Where(m => m.IsBus))
            {
                foreach (BigInteger address in candidate.Reference.Bytes(bus).Concat(candidate.Guest.Bytes(bus)).Select(b => b.Key).Distinct().ToList())
                {
                    if (Try(c =>
                    {
                        c.Reference.SetByte(bus, address, 0);
                        c.Guest.SetByte(bus, address, 0);
                    })) changed = true;
                }
            }
        }
        return candidate;

        bool FewerBits(StateAtom atom, int index, BigInteger value)
        {
            bool fewer = false;
            for (int bit = 0; bit < atom.Width; bit++)
            {
                BigInteger without = value & ~(BigInteger.One << bit);
                if (without == value || !Try(c => (c.Reference[atom, index], c.Guest[atom, index]) = (without, without))) continue;
                value = without;
                fewer = true;
            }
            return fewer;
        }

        bool Try(Action<WitnessCandidate> change)
        {
            WitnessCandidate next = candidate.Copy();
            change(next);
            if (check.Score(next, profile, difference) != WitnessCheck.Shown) return false;
            candidate = next;
            return true;
        }
    }
}
