using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Producer;

/// <summary>Where a record goes: the partition it names; else the custom partitioner's; else murmur2 of the key, as
/// Java's client; else sticky.</summary>
internal static class PartitionChoice
{
    /// <exception cref="KafkaException">The topic has no such partition.</exception>
    public static PartitionQueue Choose(
        in ProducerRecord record, TopicRoute route, int recordBytes, ProducerOptions options)
    {
        if ((record.Partition ?? options.Partitioner?.Choose(record, route.Topic)) is { } given)
        {
            return (uint)given < (uint)route.Count
                ? route.QueueOf(given)
                : throw new KafkaException(
                    ErrorCode.UnknownTopicOrPartition,
                    $"topic '{record.Topic}' has partitions 0 to {route.Count - 1}");
        }

        return route.QueueOf(record.Key is { } key && !options.IgnoreKeys
            ? Murmur2.PartitionOf(key.Span, route.Count)
            : route.Sticky.Choose(route, recordBytes));
    }
}
