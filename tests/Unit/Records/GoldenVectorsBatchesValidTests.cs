using System.Text.Json;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Records;

/// <summary>Batches that Apache Kafka wrote: read to the same values, and written to the same bytes.</summary>
public sealed class GoldenVectorsBatchesValidTests
{
    public static TheoryData<int, string> Vectors => BatchVectors.Where(valid: true);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Batches_Decode_ToTheSameValues(int line, string name)
    {
        JsonElement vector = BatchVectors.Get(line);
        byte[] bytes = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
        var batches = new RecordBatchEnumerator(bytes);
        foreach (JsonElement expected in vector.GetProperty("batches").EnumerateArray())
        {
            Assert.True(batches.MoveNext(), name);
            AssertHeader(expected, batches.Current);
            AssertRecords(expected, batches.Current);
        }

        Assert.False(batches.MoveNext());
        Assert.Equal(RecordFault.None, batches.Fault);
        Assert.Equal(bytes.Length, batches.BytesUsed);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Batches_EncodedAgain_AreTheSameBytes(int line, string name)
    {
        JsonElement vector = BatchVectors.Get(line);
        byte[] bytes = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
        bool exact = vector.GetProperty("exact").GetBoolean();
        var batches = new RecordBatchEnumerator(bytes);
        foreach (JsonElement expected in vector.GetProperty("batches").EnumerateArray())
        {
            Assert.True(batches.MoveNext(), name);
            byte[] written = Rewrite(expected, batches.Current);
            if (exact)
            {
                Assert.Equal(Convert.ToHexString(batches.Current.Bytes), Convert.ToHexString(written));
            }
            else
            {
                Assert.True(RecordBatchView.TryParse(written, out RecordBatchView again));
                AssertRecords(expected, again);
            }
        }
    }

    private static void AssertHeader(JsonElement expected, RecordBatchView batch)
    {
        Assert.True(batch.IsCrcValid());
        Assert.Equal(Int64(expected, "baseOffset"), batch.BaseOffset);
        Assert.Equal(Int64(expected, "batchLength"), batch.BatchLength);
        Assert.Equal(Int64(expected, "partitionLeaderEpoch"), batch.PartitionLeaderEpoch);
        Assert.Equal(Int64(expected, "magic"), batch.Magic);
        Assert.Equal(Int64(expected, "crc"), batch.Crc);
        Assert.Equal(Int64(expected, "attributes"), batch.Attributes);
        Assert.Equal(Int64(expected, "lastOffsetDelta"), batch.LastOffsetDelta);
        Assert.Equal(Int64(expected, "baseTimestamp"), batch.BaseTimestamp);
        Assert.Equal(Int64(expected, "maxTimestamp"), batch.MaxTimestamp);
        Assert.Equal(Int64(expected, "producerId"), batch.ProducerId);
        Assert.Equal(Int64(expected, "producerEpoch"), batch.ProducerEpoch);
        Assert.Equal(Int64(expected, "baseSequence"), batch.BaseSequence);
        Assert.Equal(Int64(expected, "recordCount"), batch.RecordCount);
        Assert.Equal(expected.GetProperty("compression").GetString(), PayloadCodecs.NameOf(batch.Compression));
        Assert.Equal(expected.GetProperty("timestampType").GetString(), batch.TimestampType.ToString());
        Assert.Equal(expected.GetProperty("isTransactional").GetBoolean(), batch.IsTransactional);
        Assert.Equal(expected.GetProperty("isControl").GetBoolean(), batch.IsControl);
        Assert.Equal(Int64(expected, "lastOffset"), batch.LastOffset);
        Assert.Equal(Int64(expected, "nextOffset"), batch.NextOffset);
        Assert.Equal(Int64(expected, "lastSequence"), batch.LastSequence);
        JsonElement horizon = expected.GetProperty("deleteHorizonMs");
        Assert.Equal(horizon.ValueKind == JsonValueKind.Null ? null : horizon.GetInt64(), batch.DeleteHorizonMs);
    }

    private static void AssertRecords(JsonElement expected, RecordBatchView batch)
    {
        using var records = new RecordReader(batch);
        foreach (JsonElement record in expected.GetProperty("records").EnumerateArray())
        {
            Assert.True(records.MoveNext(), $"{records.Fault} after {records.RecordsRead}");
            RecordView read = records.Current;
            Assert.Equal(Int64(record, "offset"), read.Offset);
            Assert.Equal(Int64(record, "timestamp"), read.Timestamp);
            Assert.Equal(Int64(record, "sequence"), read.Sequence);
            Assert.Equal(Int64(record, "sizeInBytes"), read.SizeInBytes);
            AssertBytes(record.GetProperty("key"), read.HasKey, read.Key);
            AssertBytes(record.GetProperty("value"), read.HasValue, read.Value);
            JsonElement headers = record.GetProperty("headers");
            Assert.Equal(headers.GetArrayLength(), read.HeaderCount);
            RecordHeaderEnumerator actual = read.Headers;
            foreach (JsonElement header in headers.EnumerateArray())
            {
                Assert.True(actual.MoveNext());
                Assert.Equal(header.GetProperty("key").GetString(), actual.Current.KeyText);
                AssertBytes(header.GetProperty("value"), actual.Current.HasValue, actual.Current.Value);
            }

            if (record.TryGetProperty("controlType", out JsonElement controlType))
            {
                ControlRecordAssert.Matches(controlType.GetString()!, record.GetProperty("control"), read);
            }
        }

        Assert.False(records.MoveNext());
        Assert.Equal(RecordFault.None, records.Fault);
    }

    private static void AssertBytes(JsonElement expected, bool isPresent, ReadOnlySpan<byte> actual) =>
        Assert.Equal(expected.GetString(), isPresent ? Convert.ToBase64String(actual) : null);

    // Header fields from the expectation; of the records only what the expectation cannot tell (a timestamp that the
    // leader's hides) comes from the batch.
    private static byte[] Rewrite(JsonElement expected, RecordBatchView original)
    {
        bool isAppendTime = expected.GetProperty("timestampType").GetString() == "LogAppendTime";
        JsonElement horizon = expected.GetProperty("deleteHorizonMs");
        Assert.True(PayloadCodecs.TryParseName(expected.GetProperty("compression").GetString(), out var codec));
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            BaseOffset = Int64(expected, "baseOffset"),
            PartitionLeaderEpoch = (int)Int64(expected, "partitionLeaderEpoch"),
            Compression = codec,
            TimestampType = isAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            LogAppendTimeMs = Int64(expected, "maxTimestamp"),
            ProducerId = Int64(expected, "producerId"),
            ProducerEpoch = (short)Int64(expected, "producerEpoch"),
            BaseSequence = (int)Int64(expected, "baseSequence"),
            IsTransactional = expected.GetProperty("isTransactional").GetBoolean(),
            IsControl = expected.GetProperty("isControl").GetBoolean(),
            DeleteHorizonMs = horizon.ValueKind == JsonValueKind.Null ? null : horizon.GetInt64(),
            BaseTimestampMs = Int64(expected, "baseTimestamp"),
            MaxTimestampMs = Int64(expected, "maxTimestamp"),
            LastOffset = Int64(expected, "lastOffset"),
        });
        using var records = new RecordReader(original);
        foreach (JsonElement record in expected.GetProperty("records").EnumerateArray())
        {
            Assert.True(records.MoveNext());
            long timestamp = isAppendTime
                ? original.BaseTimestamp + records.Current.TimestampDelta
                : Int64(record, "timestamp");
            builder.AppendAt(
                Int64(record, "offset"), timestamp, Bytes(record, "key"), Bytes(record, "value"),
                [.. record.GetProperty("headers").EnumerateArray()
                    .Select(header =>
                        new RecordHeader(header.GetProperty("key").GetString()!, Bytes(header, "value")))]);
        }

        return builder.Build().ToArray();
    }

    private static ReadOnlyMemory<byte>? Bytes(JsonElement owner, string name) =>
        owner.GetProperty(name).ValueKind == JsonValueKind.Null
            ? null
            : (ReadOnlyMemory<byte>?)owner.GetProperty(name).GetBytesFromBase64();

    private static long Int64(JsonElement owner, string name) => owner.GetProperty(name).GetInt64();
}
