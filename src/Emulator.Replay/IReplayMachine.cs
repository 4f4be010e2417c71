using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Replay.Check;

namespace Emulator.Replay;

/// <summary>The generated CPU of some ISA, to replay witnesses on and to put derived verdicts to the test.</summary>
public interface IReplayMachine : IDisposable
{
    /// <summary>Executes both runs of a witness again, on the generated CPU.</summary>
    Witness Replay(Witness witness);

    /// <summary>Compares what the generated CPU does in random states with what is derived of every form under a profile.</summary>
    ProfileCheck Check(ProfileVerdict verdict, CheckOptions options, CancellationToken cancellation = default);
}
