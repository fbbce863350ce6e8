namespace KRaftSharp.Quorum.Raft;

/// <summary>Who leads the quorum in an epoch; null while nobody is known to.</summary>
public readonly record struct LeaderAndEpoch(int? LeaderId, int Epoch)
{
    public bool IsLeader(int nodeId) => LeaderId == nodeId;

    public override string ToString() =>
        LeaderId is { } id ? $"leader {id} of epoch {Epoch}" : $"epoch {Epoch}, no leader";
}
