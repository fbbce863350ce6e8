using FsCheck.Xunit;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Records;

[Properties(Arbitrary = [typeof(BatchArbitraries)])]
public sealed class BatchRoundTripTests
{
    private const long NowMs = 1_760_000_000_000;

    [Property(MaxTest = 300)]
    public void Batch_WrittenAndRead_IsTheSame(BatchModel model)
    {
        byte[] bytes = model.Write();

        Assert.True(RecordBatchView.TryParse(bytes, out RecordBatchView batch));
        Assert.True(batch.IsCrcValid());
        Assert.Equal(model.Records.Count, batch.RecordCount);
        Assert.Equal(model.Options.BaseOffset + model.Records[^1].OffsetDelta, batch.LastOffset);
        using var records = new RecordReader(batch);
        foreach (RecordModel expected in model.Records)
        {
            Assert.True(records.MoveNext());
            AssertSame(model, expected, records.Current);
        }

        Assert.False(records.MoveNext());
        Assert.Equal(RecordFault.None, records.Fault);
    }

    [Property(MaxTest = 200)]
    public void Validator_OnItsOwnResult_ChangesNothing(BatchModel model)
    {
        byte[] bytes = model.AsProduced().Write();
        var options = new RecordValidationOptions { RequiresZeroBaseOffset = false };
        using var validator = new RecordBatchValidator();

        RecordValidationResult first = validator.Validate(bytes, options, firstOffset: 40, leaderEpoch: 3, NowMs);
        Assert.Equal(RecordFault.None, first.Fault);
        byte[] once = first.Batch.ToArray();
        RecordValidationResult second = validator.Validate(bytes, options, firstOffset: 40, leaderEpoch: 3, NowMs);

        Assert.Equal(once, second.Batch.ToArray());
        Assert.Equal(first with { Batch = default }, second with { Batch = default });
    }

    [Property(MaxTest = 200)]
    public void Validator_WithAnotherCodec_KeepsTheRecords(BatchModel model, CompressionCodec target)
    {
        BatchModel produced = model.AsProduced();
        using var validator = new RecordBatchValidator();

        RecordValidationResult result = validator.Validate(
            produced.Write(), new RecordValidationOptions { TargetCompression = target }, 1000, 5, NowMs);

        Assert.Equal(RecordFault.None, result.Fault);
        Assert.Equal(target != produced.Options.Compression, result.IsRewritten);
        Assert.True(RecordBatchView.TryParse(result.Batch.Span, out RecordBatchView batch));
        Assert.True(batch.IsCrcValid());
        Assert.Equal(target, batch.Compression);
        Assert.Equal(1000, batch.BaseOffset);
        Assert.Equal(5, batch.PartitionLeaderEpoch);
        Assert.Equal(produced.Options.BaseSequence, batch.BaseSequence);
        Assert.Equal(produced.Options.IsTransactional, batch.IsTransactional);
        BatchModel moved = produced with { Options = produced.Options with { BaseOffset = 1000 } };
        using var records = new RecordReader(batch);
        foreach (RecordModel expected in produced.Records)
        {
            Assert.True(records.MoveNext());
            AssertSame(moved, expected, records.Current);
        }

        Assert.False(records.MoveNext());
    }

    private static void AssertSame(BatchModel model, RecordModel expected, RecordView actual)
    {
        bool isAppendTime = model.Options.TimestampType == TimestampType.LogAppendTime;
        Assert.Equal(model.Options.BaseOffset + expected.OffsetDelta, actual.Offset);
        Assert.Equal(isAppendTime ? model.Options.LogAppendTimeMs : expected.TimestampMs, actual.Timestamp);
        Assert.Equal(expected.Key, actual.HasKey ? actual.Key.ToArray() : null);
        Assert.Equal(expected.Value, actual.HasValue ? actual.Value.ToArray() : null);
        Assert.Equal(expected.Headers.Count, actual.HeaderCount);
        RecordHeaderEnumerator headers = actual.Headers;
        foreach ((string key, byte[]? value) in expected.Headers)
        {
            Assert.True(headers.MoveNext());
            Assert.Equal(key, headers.Current.KeyText);
            Assert.Equal(value, headers.Current.HasValue ? headers.Current.Value.ToArray() : null);
        }
    }
}
