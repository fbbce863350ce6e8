using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Records;

/// <summary>A batch as plain values, to be written and read back.</summary>
public sealed record BatchModel(RecordBatchOptions Options, IReadOnlyList<RecordModel> Records)
{
    public byte[] Write()
    {
        using var builder = new RecordBatchBuilder(Options);
        foreach (RecordModel record in Records)
        {
            builder.AppendAt(
                Options.BaseOffset + record.OffsetDelta,
                record.TimestampMs,
                Memory(record.Key),
                Memory(record.Value),
                [.. record.Headers.Select(header => new RecordHeader(header.Key, Memory(header.Value)))]);
        }

        return builder.Build().ToArray();
    }

    /// <summary>The batch with offsets 0, 1, 2… from base offset 0, as a producer sends it.</summary>
    public BatchModel AsProduced() => new(
        Options with { BaseOffset = 0, LastOffset = null, TimestampType = TimestampType.CreateTime },
        [.. Records.Select((record, index) => record with { OffsetDelta = index })]);

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes;
}

public sealed record RecordModel(
    int OffsetDelta, long TimestampMs, byte[]? Key, byte[]? Value, IReadOnlyList<(string Key, byte[]? Value)> Headers);

/// <summary>How FsCheck makes batches.</summary>
public static class BatchArbitraries
{
    private const long SomeTimeMs = 1_760_000_000_000;

    public static Arbitrary<CompressionCodec> Codecs() => Gen.Elements(
        CompressionCodec.None, CompressionCodec.Gzip, CompressionCodec.Snappy, CompressionCodec.Lz4,
        CompressionCodec.Zstd).ToArbitrary();

    public static Arbitrary<BatchModel> Batches() => Batch().ToArbitrary();

    private static Gen<byte[]?> Bytes()
    {
        Gen<byte[]?> random = Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().Select(a => (byte[]?)a);
        Gen<byte[]?> repeated = Gen.Choose(0, 9000).Select(n => (byte[]?)[.. Enumerable.Repeat((byte)n, n)]);
        return Gen.Frequency((1, Gen.Constant<byte[]?>(null)), (6, random), (1, repeated));
    }

    private static Gen<RecordModel> Record() =>
        from gap in Gen.Frequency((5, Gen.Constant(1)), (1, Gen.Choose(1, 100_000)))
        from drift in Gen.Choose(-5000, 5000)
        from key in Bytes()
        from value in Bytes()
        from headers in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 5)))
        from header in Bytes()
        select new RecordModel(
            gap, SomeTimeMs + drift, key, value,
            [.. Enumerable.Range(0, headers).Select(i => (new string('h', i), header))]);

    private static Gen<BatchModel> Batch() =>
        from records in Record().NonEmptyListOf()
        from codec in Codecs().Generator
        from baseOffset in Gen.Elements(0L, 1L, 77L, int.MaxValue, long.MaxValue / 2)
        from producer in Gen.Elements((-1L, (short)-1, -1), (0L, (short)0, 0), (9L, (short)3, int.MaxValue - 1))
        from transactional in Gen.Elements(false, true)
        from appendTime in Gen.Elements(false, false, true)
        select new BatchModel(
            new RecordBatchOptions
            {
                BaseOffset = baseOffset,
                Compression = codec,
                ProducerId = producer.Item1,
                ProducerEpoch = producer.Item2,
                BaseSequence = producer.Item3,
                IsTransactional = transactional,
                TimestampType = appendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime,
                LogAppendTimeMs = SomeTimeMs,
            },
            Rising(records));

    private static List<RecordModel> Rising(IEnumerable<RecordModel> records)
    {
        var rising = new List<RecordModel>();
        int delta = -1;
        foreach (RecordModel record in records)
        {
            delta += record.OffsetDelta;
            rising.Add(record with { OffsetDelta = delta });
        }

        return rising;
    }
}
