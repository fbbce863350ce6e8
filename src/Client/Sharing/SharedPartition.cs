using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Sharing;

/// <summary>A partition of one incarnation of its topic.</summary>
internal readonly record struct SharedPartition(Uuid TopicId, TopicPartition Name);
