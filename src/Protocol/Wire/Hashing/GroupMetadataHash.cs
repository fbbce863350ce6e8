using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace KRaftSharp.Protocol;

/// <summary>The hash by which a group notices that its topics have changed: XXH3, 64 bits, of what a group depends on
/// (KIP-848's metadataHash).</summary>
public static class GroupMetadataHash
{
    private const byte Magic = 0;

    /// <summary>Of one topic.</summary>
    /// <param name="racksOfPartitions">For each partition, from 0, the racks of its replicas.</param>
    public static long OfTopic(Uuid topicId, string name, IReadOnlyList<IReadOnlyCollection<string>> racksOfPartitions)
    {
        var hash = new XxHash3();
        hash.Append([Magic]);
        AppendLong(hash, topicId.High);
        AppendLong(hash, topicId.Low);
        AppendText(hash, name);
        AppendInt(hash, racksOfPartitions.Count);
        for (int partition = 0; partition < racksOfPartitions.Count; partition++)
        {
            AppendInt(hash, partition);
            foreach (string rack in racksOfPartitions[partition].Order(StringComparer.Ordinal))
            {
                AppendInt(hash, rack.Length);
                AppendText(hash, rack);
            }
        }

        return (long)hash.GetCurrentHashAsUInt64();
    }

    /// <summary>Of a group, from the hashes of its topics; 0 where it has none.</summary>
    public static long OfGroup(IReadOnlyDictionary<string, long> hashOfTopics)
    {
        if (hashOfTopics.Count == 0)
        {
            return 0;
        }

        var hash = new XxHash3();
        foreach (KeyValuePair<string, long> topic in hashOfTopics.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            AppendLong(hash, topic.Value);
        }

        return (long)hash.GetCurrentHashAsUInt64();
    }

    private static void AppendText(XxHash3 hash, string text)
    {
        // The units as they lie in memory: everything this runs on is little-endian.
        hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));

        AppendInt(hash, text.Length);
    }

    private static void AppendInt(XxHash3 hash, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.Append(bytes);
    }

    private static void AppendLong(XxHash3 hash, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.Append(bytes);
    }
}
