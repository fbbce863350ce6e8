using System.Globalization;
using System.Text;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Sharing;

/// <summary>Dead letters as records: where each came from in its headers, and perhaps the record itself (KIP-1191).
/// </summary>
internal sealed class DeadLetterBatch(SharePartitionKey from, string topic, StateBatch records, string reason)
{
    private const string Prefix = "__dlq.errors.";

    // What a record takes beside its key, value and headers, at most.
    private const int RecordOverhead = 64;

    /// <summary>Makes one record batch of as many letters as fit; at least one.</summary>
    /// <param name="originals">The records that are copied, by offset.</param>
    /// <param name="nextOffset">The first that did not fit.</param>
    public byte[] Write(
        long firstOffset, IReadOnlyDictionary<long, OriginalRecord> originals, int maxBytes, long timestampMs,
        out long nextOffset)
    {
        using RecordBatchBuilder builder = new();
        builder.Reset(new RecordBatchOptions());
        long size = RecordBatchLayout.HeaderSize;
        nextOffset = firstOffset;
        while (nextOffset <= records.LastOffset)
        {
            OriginalRecord original = originals.GetValueOrDefault(nextOffset);
            RecordHeader[] headers = HeadersOf(nextOffset);
            size += RecordOverhead + original.Size + headers.Sum(
                header => header.Key.Length + header.Value!.Value.Length + RecordOverhead / 4);
            if (size > maxBytes && nextOffset > firstOffset)
            {
                break;
            }

            builder.Append(timestampMs, original.Key, original.Value, headers);
            nextOffset++;
        }

        return builder.Build().ToArray();
    }

    private RecordHeader[] HeadersOf(long offset) =>
    [
        Header("topic", topic),
        Header("partition", from.Partition.ToString(CultureInfo.InvariantCulture)),
        Header("offset", offset.ToString(CultureInfo.InvariantCulture)),
        Header("group", from.GroupId),
        Header("delivery.count", records.DeliveryCount.ToString(CultureInfo.InvariantCulture)),
        Header("message", reason),
    ];

    private static RecordHeader Header(string name, string value) =>
        new(Prefix + name, Encoding.UTF8.GetBytes(value));
}
