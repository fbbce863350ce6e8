namespace KRaftSharp.Quorum.Raft;

/// <summary>What a replica keeps across restarts: its epoch, who leads in it and whom it voted for.</summary>
/// <remarks>Epoch and vote are safety and must be durable before any message that follows from them leaves; the leader
/// is only worth knowing.</remarks>
internal readonly record struct ElectionState(int Epoch, int? LeaderId, ReplicaKey? Voted)
{
    public LeaderAndEpoch Leader => new(LeaderId, Epoch);

    /// <summary>The same promise to the quorum, whoever is known to lead.</summary>
    public bool SameVote(ElectionState other) => Epoch == other.Epoch && Voted == other.Voted;
}
