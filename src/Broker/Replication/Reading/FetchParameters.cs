namespace KRaftSharp.Broker.Replication.Reading;

/// <summary>What holds for a whole fetch.</summary>
/// <param name="ReplicaId">The follower's broker id; negative for a consumer.</param>
/// <param name="ReplicaEpoch">The follower's broker epoch; -1 when its request carries none.</param>
/// <param name="IsReadCommitted">Consumers only: up to the last stable offset.</param>
/// <param name="Admit">
/// Asked before records are sent to a consumer: how many milliseconds it has to wait for its quota instead. Null
/// without quotas.
/// </param>
/// <param name="MayReadFollower">A consumer that knows of follower fetching (KIP-392).</param>
internal readonly record struct FetchParameters(
    int ReplicaId,
    long ReplicaEpoch,
    int MaxWaitMs,
    int MinBytes,
    int MaxBytes,
    bool IsReadCommitted,
    bool MayReadFollower,
    bool UsesTopicIds,
    Func<long, int>? Admit = null)
{
    public bool IsFollower => ReplicaId >= 0;
}
