using System.Collections.Concurrent;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Producer;

/// <summary>Where a record goes: the partition it names; else the custom partitioner's; else murmur2 of the key, as
/// Java's client; else sticky.</summary>
internal sealed class PartitionChoice(
    ProducerOptions options, Chance chance, Func<TopicPartition, int> queuedBatches)
{
    private readonly ConcurrentDictionary<string, StickyChoice> _sticky = new(StringComparer.Ordinal);

    /// <exception cref="KafkaException">The topic has no such partition.</exception>
    public TopicPartition Choose(in ProducerRecord record, TopicView topic, int recordBytes)
    {
        int count = topic.Partitions.Count;
        if ((record.Partition ?? options.Partitioner?.Choose(record, topic)) is { } given)
        {
            return (uint)given < (uint)count
                ? new TopicPartition(record.Topic, given)
                : throw new KafkaException(
                    ErrorCode.UnknownTopicOrPartition, $"topic '{record.Topic}' has partitions 0 to {count - 1}");
        }

        if (record.Key is { } key && !options.IgnoreKeys)
        {
            return new TopicPartition(record.Topic, Murmur2.PartitionOf(key.Span, count));
        }

        StickyChoice sticky = _sticky.GetOrAdd(
            record.Topic, static (_, self) => self.NewSticky(), this);
        return new TopicPartition(record.Topic, sticky.Choose(topic, recordBytes, queuedBatches));
    }

    private StickyChoice NewSticky() => new(chance, Math.Max(options.BatchSize, 1));
}
