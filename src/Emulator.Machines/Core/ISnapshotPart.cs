namespace Emulator.Machines;

/// <summary>A part of a machine whose state a snapshot holds.</summary>
public interface ISnapshotPart
{
    /// <summary>Name of the part in snapshots; unique in a machine and never reused with another meaning.</summary>
    string PartName { get; }

    /// <summary>Writes every state the guest can observe, or reads it back, in one fixed order; <see cref="SnapshotStream.IsLoading"/> says which.</summary>
    void Transfer(SnapshotStream s);
}
