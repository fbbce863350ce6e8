namespace KRaftSharp.Client.Admin;

/// <summary>The metadata quorum as its leader sees it.</summary>
public sealed record QuorumDescription(
    int LeaderId,
    int LeaderEpoch,
    long HighWatermark,
    IReadOnlyList<QuorumReplica> Voters,
    IReadOnlyList<QuorumReplica> Observers)
{
    /// <summary>Where voters listen, by node id and listener; empty where the broker is too old to say
    /// (KIP-853).</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, BrokerAddress>> Endpoints { get; init; } =
        new Dictionary<int, IReadOnlyDictionary<string, BrokerAddress>>();
}
