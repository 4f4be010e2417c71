using Emulator.System.Tests.Guest;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Every scenario, in order.</summary>
internal static class AllScenarios
{
    public static ScenarioList Build()
    {
        var list = new ScenarioList();
        SegmentLoads.AddTo(list);
        FarTransfers.AddTo(list);
        Gates.AddTo(list);
        Tasks.AddTo(list);
        VirtualMode.AddTo(list);
        Limits.AddTo(list);
        Paging.AddTo(list);
        Debugging.AddTo(list);
        return list;
    }
}
