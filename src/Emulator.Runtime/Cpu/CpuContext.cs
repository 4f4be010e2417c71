namespace Emulator.Runtime;

/// <summary>The managed side of a CPU, which generated code finds through <see cref="CpuHeader.ContextId"/>.</summary>
public sealed class CpuContext
{
    /// <summary>Value of <see cref="CpuHeader.Trap"/> that no trap has: the slow path asks the engine to execute the instruction again, alone, because it
    /// touches a device, and devices may look at the time.</summary>
    public const uint RetryAlone = uint.MaxValue;

    /// <summary>Value of <see cref="CpuHeader.Trap"/> that no trap has: the operation is one a monitor asked for.</summary>
    internal const uint Intercepted = uint.MaxValue - 1;

    private static readonly Lock s_lock = new();
    private static CpuContext[] s_all = new CpuContext[4];

    private bool _devicesAllowed = true;

    private CpuContext(int id, int memories)
    {
        Id = id;
        Buses = new Bus[memories];
        PagedMemories = new PagedMemory[memories];
    }

    /// <summary>Every living context by id; entries of freed ids are null.</summary>
    public static CpuContext[] All => s_all;

    /// <summary>Index in <see cref="All"/>.</summary>
    public int Id { get; }

    /// <summary>The buses, by index in <see cref="IIsa.Memories"/> (null where that memory is paged).</summary>
    public Bus[] Buses { get; }

    /// <summary>The paged memories, by index in <see cref="IIsa.Memories"/> (null where that memory is a bus).</summary>
    public PagedMemory[] PagedMemories { get; }

    /// <summary>What the machine supplies for the spec's `extern` declarations: an instance of the generated externs class.</summary>
    public object? Externs { get; set; }

    /// <summary>False while a block of several instructions runs: a device is then reached only after <see cref="RetryAlone"/>.</summary>
    public bool DevicesAllowed { get => _devicesAllowed && !ReachesNoDevices; internal set => _devicesAllowed = value; }

    /// <summary>Who translates addresses; null for the spec.</summary>
    public ITranslator? Translator { get; set; }

    /// <summary>Devices are another's: an access to one is always left with <see cref="RetryAlone"/>.</summary>
    internal bool ReachesNoDevices { get; set; }

    internal static CpuContext Create(int memories)
    {
        lock (s_lock)
        {
            var id = Array.IndexOf(s_all, null);
            if (id < 0)
            {
                id = s_all.Length;
                var all = new CpuContext[2 * id];
                s_all.CopyTo(all, 0);
                s_all = all;
            }

            return s_all[id] = new CpuContext(id, memories);
        }
    }

    internal void Free()
    {
        lock (s_lock)
        {
            s_all[Id] = null!;
        }
    }
}
