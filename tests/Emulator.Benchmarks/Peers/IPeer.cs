namespace Emulator.Benchmarks;

/// <summary>Something that runs the benchmark kernels.</summary>
internal interface IPeer
{
    /// <summary>Its name in tables.</summary>
    string Name { get; }

    /// <summary>Why it cannot run on this machine; null when it can.</summary>
    string? Missing { get; }

    /// <summary>Runs a kernel once and times what stands between its first and its last line.</summary>
    /// <exception cref="InvalidOperationException">It did not get to the end.</exception>
    KernelRun Run(string kernel);
}
