using System.Text.Json;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Records;

/// <summary>Batches in which something is wrong or odd: the same verdicts as Apache Kafka's, step by step.</summary>
public sealed class GoldenVectorsBatchesInvalidTests
{
    private const string Ok = "ok";
    private const long NowMs = 1760000001000;
    private const long HourMs = 3_600_000;

    public static TheoryData<int, string> Vectors => BatchVectors.Where(valid: false);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Split_GivesTheSameFramesAndVerdict(int line, string name)
    {
        JsonElement vector = BatchVectors.Get(line);
        var frames = new RecordBatchSplitter(Bytes(vector));
        foreach (JsonElement expected in vector.GetProperty("verdicts").EnumerateArray())
        {
            Assert.True(frames.MoveNext(), name);
            Assert.Equal(expected.GetProperty("sizeInBytes").GetInt32(), frames.Current.Length);
            Assert.Equal(expected.GetProperty("magic").GetInt32(), frames.Magic);
        }

        Assert.False(frames.MoveNext());
        Assert.Equal(vector.GetProperty("split").GetString(), NameOf(frames.Fault));
        Assert.Equal(vector.GetProperty("bytesUsed").GetInt32(), frames.BytesUsed);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Batches_AreJudgedAlike(int line, string name)
    {
        JsonElement vector = BatchVectors.Get(line);
        var frames = new RecordBatchSplitter(Bytes(vector));
        foreach (JsonElement expected in vector.GetProperty("verdicts").EnumerateArray())
        {
            Assert.True(frames.MoveNext(), name);
            Assert.Equal(expected.GetProperty("ensureValid").GetString(), EnsureValid(frames));
            if (frames.Magic != RecordBatchLayout.CurrentMagic)
            {
                AssertLegacy(expected, frames.Current);
            }
            else if (!RecordBatchView.TryParse(frames.Current, out RecordBatchView batch))
            {
                // No header to read records by: Kafka runs off its buffer here, which we never start to read.
                Assert.NotEqual(Ok, expected.GetProperty("iterate").GetString());
                Assert.Equal(0, expected.GetProperty("streamedBefore").GetInt32());
            }
            else
            {
                AssertRecords(expected, batch);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Append_IsJudgedAlike(int line, string name) => AssertAppend(line, name, "append", isCompacted: false);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void AppendToCompactedTopic_IsJudgedAlike(int line, string name) =>
        AssertAppend(line, name, "appendCompacted", isCompacted: true);

    private static void AssertRecords(JsonElement expected, RecordBatchView batch)
    {
        using var records = new RecordReader(batch);
        int read = 0;
        while (records.MoveNext())
        {
            read++;
        }

        string iterate = expected.GetProperty("iterate").GetString()!;
        string stream = expected.GetProperty("stream").GetString()!;
        if (batch.Compression == 0 || batch.Compression > KRaftSharp.Protocol.Compression.CompressionCodec.Zstd)
        {
            Assert.Equal(iterate, NameOf(records.Fault));
            Assert.Equal(stream, NameOf(records.Fault));
            Assert.Equal(expected.GetProperty("recordsBefore").GetInt32(), read);
            Assert.Equal(expected.GetProperty("streamedBefore").GetInt32(), read);
        }
        else
        {
            // How far a damaged payload can be read depends on the codec's buffering; that it is damaged does not.
            Assert.Equal(iterate == Ok, records.Fault == RecordFault.None);
            Assert.Equal(stream == Ok, records.Fault == RecordFault.None);
            if (records.Fault == RecordFault.None)
            {
                Assert.Equal(expected.GetProperty("streamedBefore").GetInt32(), read);
            }
        }
    }

    private static void AssertLegacy(JsonElement expected, ReadOnlySpan<byte> frame) => Assert.Equal(
        expected.GetProperty("iterate").GetString() == Ok, LegacyMessage.TryParse(frame, out _));

    private static string EnsureValid(RecordBatchSplitter frames)
    {
        bool valid = frames.Magic == RecordBatchLayout.CurrentMagic
            ? RecordBatchView.TryParse(frames.Current, out RecordBatchView batch) && batch.IsCrcValid()
            : LegacyMessage.IsCrcValid(frames.Current);
        return valid ? Ok : "CorruptRecordException";
    }

    private static void AssertAppend(int line, string name, string verdict, bool isCompacted)
    {
        JsonElement vector = BatchVectors.Get(line);
        string expected = vector.GetProperty(verdict).GetString()!;
        byte[] bytes = Bytes(vector);
        using var validator = new RecordBatchValidator();
        RecordValidationResult result = validator.Validate(
            bytes,
            new RecordValidationOptions
            {
                IsCompacted = isCompacted,
                TimestampBeforeMaxMs = HourMs,
                TimestampAfterMaxMs = HourMs,
                RequiresZeroBaseOffset = false,
            },
            firstOffset: 5000,
            leaderEpoch: 7,
            NowMs);

        if (result.Fault == RecordFault.UnsupportedMagic)
        {
            // Kafka refuses these formats before it validates: its produce handler accepts nothing but format 2.
            Assert.StartsWith("legacy", name, StringComparison.Ordinal);
        }
        else if (result.Fault == RecordFault.DecompressionFailed || expected == "KafkaException")
        {
            Assert.NotEqual(Ok, expected);
            Assert.False(result.IsValid);
        }
        else
        {
            Assert.Equal(expected, NameOf(result));
        }

        if (result.IsValid)
        {
            AssertAssigned(result, bytes);
        }
    }

    private static void AssertAssigned(RecordValidationResult result, byte[] bytes)
    {
        Assert.False(result.IsRewritten);
        Assert.True(RecordBatchView.TryParse(bytes, out RecordBatchView batch));
        Assert.True(batch.IsCrcValid());
        Assert.Equal(5000, batch.BaseOffset);
        Assert.Equal(7, batch.PartitionLeaderEpoch);
        Assert.Equal(result.LastOffset, batch.LastOffset);
        Assert.Equal(result.RecordCount, batch.RecordCount);
        Assert.Equal(result.MaxTimestampMs, batch.MaxTimestamp);
    }

    private static byte[] Bytes(JsonElement vector) => Convert.FromHexString(vector.GetProperty("hex").GetString()!);

    private static string NameOf(RecordValidationResult result) =>
        result.RecordErrors is null ? NameOf(result.Fault) : $"RecordValidationException({NameOf(result.Fault)})";

    private static string NameOf(RecordFault fault) => fault switch
    {
        RecordFault.None => Ok,
        RecordFault.CorruptBatch => "CorruptRecordException",
        RecordFault.InvalidRecord => "InvalidRecordException",
        RecordFault.InvalidTimestamp => "InvalidTimestampException",
        RecordFault.NumberOverflow or RecordFault.UnknownCompression => "IllegalArgumentException",
        RecordFault.DecompressionFailed => "KafkaException",
        _ => fault.ToString(),
    };
}
