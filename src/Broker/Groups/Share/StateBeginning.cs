using KRaftSharp.Broker.Groups.Consumer;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>A share partition that is to begin.</summary>
/// <param name="StateEpoch">The group's epoch.</param>
/// <param name="StartOffset">-1 where the group's configs are to say.</param>
internal readonly record struct StateBeginning(TopicIdPartition Partition, int StateEpoch, long StartOffset);
