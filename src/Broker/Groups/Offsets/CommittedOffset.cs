using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>What a group has committed for a partition.</summary>
/// <param name="LeaderEpoch">-1 when the client told none.</param>
/// <param name="ExpireTimestampMs">Set by old clients with a retention of their own; -1 otherwise.</param>
/// <param name="TopicId">Zero when the client told none.</param>
/// <param name="LogOffset">Where the record lies in the coordinator's log.</param>
internal sealed record CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long TimestampMs, long ExpireTimestampMs, Uuid TopicId,
    long LogOffset)
{
    /// <summary>Whether it was committed for the topic of this id, as far as the two are known.</summary>
    public bool IsOf(Uuid topicId) => TopicId == default || topicId == default || TopicId == topicId;
}
