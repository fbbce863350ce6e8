namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>What the members of one classic group have been told of its generations, all of them together.</summary>
internal sealed class GroupProgress
{
    /// <summary>The newest generation whose assignments somebody was given.</summary>
    public int Generation { get; private set; } = -1;

    public void Synced(int generation) => Generation = Math.Max(Generation, generation);
}
