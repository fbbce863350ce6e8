namespace KRaftSharp.Broker.Replication.Reading;

/// <summary>What holds for a whole fetch.</summary>
/// <param name="ReplicaId">The follower's broker id; negative for a consumer.</param>
/// <param name="ReplicaEpoch">The follower's broker epoch; -1 when its request carries none.</param>
/// <param name="IsReadCommitted">Consumers only: up to the last stable offset.</param>
/// <param name="MayReadFollower">A consumer that knows of follower fetching (KIP-392).</param>
internal readonly record struct FetchParameters(
    int ReplicaId,
    long ReplicaEpoch,
    int MaxWaitMs,
    int MinBytes,
    int MaxBytes,
    bool IsReadCommitted,
    bool MayReadFollower,
    bool UsesTopicIds)
{
    public bool IsFollower => ReplicaId >= 0;
}
