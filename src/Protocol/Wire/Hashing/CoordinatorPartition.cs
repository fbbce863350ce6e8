using System.Buffers.Binary;
using System.Globalization;

namespace KRaftSharp.Protocol;

/// <summary>Which partition of an internal topic, and so which broker, keeps the state of a group or a transaction.
/// </summary>
public static class CoordinatorPartition
{
    /// <summary>The hash of a text's UTF-16 units that Kafka uses here: h = 31 h + unit.</summary>
    public static int HashOf(ReadOnlySpan<char> text)
    {
        int hash = 0;
        foreach (char unit in text)
        {
            hash = unchecked((31 * hash) + unit);
        }

        return hash;
    }

    /// <summary>Of a group id or a transactional id.</summary>
    public static int Of(ReadOnlySpan<char> id, int partitionCount)
    {
        int hash = HashOf(id);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitionCount;
    }

    /// <summary>Of a share group's state for one partition.</summary>
    public static int OfShare(string groupId, Uuid topicId, int partition, int partitionCount) =>
        Of(ShareKey(groupId, topicId, partition), partitionCount);

    /// <summary>The text that is hashed for a share group's partition.</summary>
    public static string ShareKey(string groupId, Uuid topicId, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{groupId}:{topicId}:{partition}");

    /// <summary>Of a topic's partition in tiered storage's own topic.</summary>
    public static int OfRemoteLog(Uuid topicId, int partition, int partitionCount)
    {
        int hash = 1;
        foreach (int part in (ReadOnlySpan<int>)[Fold(topicId.Low), Fold(topicId.High), partition])
        {
            hash = unchecked((31 * hash) + part);
        }

        Span<byte> key = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, hash);
        return Murmur2.PartitionOf(key, partitionCount);
    }

    private static int Fold(long value) => (int)(value >> 32) ^ (int)value;
}
