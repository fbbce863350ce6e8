namespace KRaftSharp.Client.Producer;

/// <summary>Where an acknowledged record is.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">-1 with acks=0.</param>
/// <param name="TimestampMs">The broker's when the topic is set to it, else -1: the record's own.</param>
public readonly record struct RecordMetadata(TopicPartition Partition, long Offset, long TimestampMs);
