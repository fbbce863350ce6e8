using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>One node: what is on its disk, and what runs while it is up.</summary>
internal sealed class ModelNode(int id, VoterHistory first, List<VoterSet> sets)
{
    public int Id => id;

    public ModelLog Log { get; } = new(first, sets);

    /// <summary>The id of its log directory, another one after it lost its disk.</summary>
    public Uuid Directory { get; set; } = new(77, id);

    public ReplicaKey Key => new(id, Directory);

    /// <summary>quorum-state.</summary>
    public ElectionState Disk { get; set; } = new(0, null, null);

    /// <summary>Null while the process is down.</summary>
    public RaftReplica? Replica { get; set; }

    /// <summary>For messages.</summary>
    public string State => Replica is null
        ? $"{Key} is down"
        : $"{Key} {Replica.Role}, {Replica.Election}, log to {Log.EndOffset}, committed {HighWatermark}, voters "
            + $"{string.Join(",", Replica.Voters.All.Select(voter => voter.Key))} at {Log.Voters.Offset}";

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
