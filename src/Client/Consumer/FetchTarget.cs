using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer;

/// <summary>What is asked of one partition.</summary>
internal readonly record struct FetchTarget(Uuid TopicId, long Offset, int LeaderEpoch, int MaxBytes);
