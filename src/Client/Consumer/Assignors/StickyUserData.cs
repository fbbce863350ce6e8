using System.Buffers.Binary;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>What sticky assignors write beside a subscription, as Kafka's do.</summary>
internal static class StickyUserData
{
    // The shortest topic: an empty name and no partitions.
    private const int LeastTopicBytes = sizeof(short) + sizeof(int);

    public static byte[] Encode(int generation)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, generation);
        return bytes;
    }

    public static byte[] Encode(IReadOnlyCollection<TopicPartition> owned, int generation)
    {
        IGrouping<string, TopicPartition>[] topics =
            [.. owned.OrderBy(partition => partition.Partition).GroupBy(partition => partition.Topic)];
        int size = (2 * sizeof(int)) + (sizeof(int) * owned.Count)
            + topics.Sum(topic => LeastTopicBytes + System.Text.Encoding.UTF8.GetByteCount(topic.Key));
        byte[] bytes = new byte[size];
        WireWriter writer = new(bytes);
        writer.WriteInt32(topics.Length);
        foreach (IGrouping<string, TopicPartition> topic in topics)
        {
            writer.WriteString(topic.Key, compact: false);
            writer.WriteInt32(topic.Count());
            foreach (TopicPartition partition in topic)
            {
                writer.WriteInt32(partition.Partition);
            }
        }

        writer.WriteInt32(generation);
        return bytes;
    }

    /// <summary>A generation alone; -1 where there is none.</summary>
    public static int DecodeGeneration(ReadOnlyMemory<byte>? bytes) =>
        bytes is { Length: >= sizeof(int) } given ? BinaryPrimitives.ReadInt32BigEndian(given.Span) : -1;

    /// <summary>Partitions, and since version 1 their generation; nothing where the bytes are no such thing.</summary>
    public static (IReadOnlyList<TopicPartition> Owned, int Generation) Decode(ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { IsEmpty: false } given)
        {
            return ([], -1);
        }

        WireReader reader = new(given);
        List<TopicPartition> owned = [];
        int topics = reader.ReadArrayLength(compact: false, LeastTopicBytes);
        for (int i = 0; i < topics && !reader.HasError; i++)
        {
            string topic = reader.ReadString(compact: false);
            int partitions = reader.ReadArrayLength(compact: false, sizeof(int));
            for (int j = 0; j < partitions && !reader.HasError; j++)
            {
                owned.Add(new TopicPartition(topic, reader.ReadInt32()));
            }
        }

        if (reader.HasError)
        {
            return ([], -1);
        }

        return (owned, reader.Remaining >= sizeof(int) ? reader.ReadInt32() : -1);
    }
}
