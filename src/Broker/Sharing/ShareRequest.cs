using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;

namespace KRaftSharp.Broker.Sharing;

/// <summary>A ShareFetch or a ShareAcknowledge, checked as far as that goes without the group.</summary>
internal sealed record ShareRequest
{
    public required string GroupId { get; init; }

    public required string MemberId { get; init; }

    public required int SessionEpoch { get; init; }

    public required long ConnectionId { get; init; }

    public required long ReceivedAtMs { get; init; }

    /// <summary>Null where nothing is to be fetched.</summary>
    public ShareFetchAsk? Ask { get; init; }

    /// <summary>The partitions that a fetch names, in the order of the request.</summary>
    public IReadOnlyList<TopicIdPartition> Wanted { get; init; } = [];

    public IReadOnlyList<TopicIdPartition> Forgotten { get; init; } = [];

    /// <summary>What the member says of each partition's records; not empty.</summary>
    public IReadOnlyList<(TopicIdPartition Partition, IReadOnlyList<Acknowledgement> Said)> Said { get; init; } = [];

    /// <summary>Whether the request says anything of records, be it wrong.</summary>
    public bool HasAcknowledgements { get; init; }
}
