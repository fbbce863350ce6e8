using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>One node: what is on its disk, and what runs while it is up.</summary>
internal sealed class ModelNode(int id)
{
    public int Id => id;

    public ModelLog Log { get; } = new();

    /// <summary>quorum-state.</summary>
    public ElectionState Disk { get; set; } = new(0, null, null);

    /// <summary>Null while the process is down.</summary>
    public RaftReplica? Replica { get; set; }

    /// <summary>Rises with every start, so that what belongs to an earlier life is recognised.</summary>
    public int Life { get; set; }

    public int LastEpoch { get; set; }

    public long HighWatermark { get; set; }

    /// <summary>Writes of quorum-state follow one another.</summary>
    public long VoteDueMs { get; set; }

    public bool IsFlushing { get; set; }

    public long WakeOrder { get; set; }

    /// <summary>A stopped process does nothing until then.</summary>
    public long PausedUntilMs { get; set; }
}
