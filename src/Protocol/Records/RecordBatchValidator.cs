using System.Globalization;
using KRaftSharp.Protocol.Compression;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>What a leader does to a batch before it appends it: checks it, and assigns offsets, leader epoch and
/// timestamps in place; compresses it anew where the topic wants another codec.</summary>
/// <remarks>
/// The rules are those of Kafka 4 for one batch of format 2. Batches that stay as they are cost no allocation:
/// compressed ones are walked without keeping contents. Only a rewritten batch uses the validator's own buffer.
/// One owner, who disposes it; not thread-safe.
/// </remarks>
public sealed class RecordBatchValidator : IDisposable
{
    private const int ErrorsShown = 3;

    private RecordBatchBuilder? _builder;

    /// <summary>Judges what one producer sent for one partition, and prepares it for the log.</summary>
    /// <param name="records">Exactly one batch; an incomplete batch after it is ignored. Changed in place.</param>
    /// <param name="options">The topic's and the request's rules.</param>
    /// <param name="firstOffset">The offset the batch's first record gets.</param>
    /// <param name="leaderEpoch">Stamped on the batch.</param>
    /// <param name="nowMs">The wall clock, milliseconds since the epoch.</param>
    public RecordValidationResult Validate(
        Memory<byte> records, RecordValidationOptions options, long firstOffset, int leaderEpoch, long nowMs)
    {
        RecordValidationResult framed = CheckFrames(records.Span, options, out int size);
        if (!framed.IsValid)
        {
            return framed;
        }

        Memory<byte> bytes = records[..size];
        string? refusal = RecordBatchView.TryParse(bytes.Span, out RecordBatchView batch)
            ? CheckHeader(batch, options)
            : "The batch is incomplete.";
        if (refusal is not null)
        {
            return RecordValidationResult.Refused(RecordFault.InvalidRecord, refusal);
        }

        CompressionCodec source = batch.Compression;
        CompressionCodec target = options.TargetCompression ?? source;
        bool inPlace = source == target || (source == CompressionCodec.None && batch.IsControl);
        RecordBatchBuilder? builder =
            inPlace ? null : OpenBuilder(batch, options, firstOffset, leaderEpoch, nowMs, target);
        RecordValidationResult walked = WalkRecords(batch, options, nowMs, firstOffset, builder);
        if (!walked.IsValid)
        {
            return walked;
        }

        bool isAppendTime = options.TimestampType == TimestampType.LogAppendTime;
        long maxTimestamp = isAppendTime ? nowMs : walked.MaxTimestampMs;
        long lastOffset = firstOffset + walked.RecordCount - 1;
        Memory<byte> result = bytes;
        if (builder is null)
        {
            Span<byte> header = bytes.Span;
            RecordBatchMutator.SetLastOffset(header, lastOffset);
            RecordBatchMutator.SetPartitionLeaderEpoch(header, leaderEpoch);
            RecordBatchMutator.SetMaxTimestamp(header, options.TimestampType, maxTimestamp);
        }
        else
        {
            result = builder.Build();
            if (result.Length > options.MaxBatchBytes)
            {
                return TooLarge(result.Length, options);
            }
        }

        return walked with
        {
            Batch = result,
            IsRewritten = builder is not null,
            FirstOffset = firstOffset,
            LastOffset = lastOffset,
            MaxTimestampMs = maxTimestamp,
            LogAppendTimeMs = isAppendTime ? nowMs : NoTimestamp,
            SourceCompression = source,
        };
    }

    public void Dispose() => _builder?.Dispose();

    // Lengths, formats, checksums and the number of batches.
    private static RecordValidationResult CheckFrames(
        ReadOnlySpan<byte> records, RecordValidationOptions options, out int size)
    {
        size = 0;
        int batchCount = 0;
        RecordValidationResult refused = default;
        var frames = new RecordBatchSplitter(records);
        while (frames.MoveNext())
        {
            if (batchCount++ == 0)
            {
                size = frames.Current.Length;
            }

            // A length that cannot be outranks what is wrong inside a batch: the walk goes on to the end.
            if (refused.IsValid)
            {
                refused = CheckFrame(frames.Current, frames.Magic, options);
            }
        }

        if (frames.Fault != RecordFault.None)
        {
            return RecordValidationResult.Refused(
                frames.Fault, "The records contain a batch with an impossible length or an unknown format.");
        }

        if (!refused.IsValid)
        {
            return refused;
        }

        return batchCount == 1 ? default : RecordValidationResult.Refused(
            RecordFault.InvalidRecord,
            batchCount == 0 ? "The records contain no batch." : "The records contain more than one batch.");
    }

    private static RecordValidationResult CheckFrame(
        ReadOnlySpan<byte> frame, sbyte magic, RecordValidationOptions options)
    {
        if (magic != CurrentMagic)
        {
            return LegacyMessage.IsCrcValid(frame)
                ? RecordValidationResult.Refused(
                    RecordFault.UnsupportedMagic, $"Message format {magic} is no longer accepted, only format 2.")
                : RecordValidationResult.Refused(RecordFault.CorruptBatch, "The message's checksum does not match.");
        }

        if (!RecordBatchView.TryParse(frame, out RecordBatchView batch))
        {
            return RecordValidationResult.Refused(RecordFault.CorruptBatch, "The batch is shorter than its header.");
        }

        if (options.RequiresZeroBaseOffset && options.Origin == AppendOrigin.Client && batch.BaseOffset != 0)
        {
            return RecordValidationResult.Refused(
                RecordFault.InvalidRecord,
                $"The base offset of a batch appended to {options.PartitionName} should be 0, but it is "
                + $"{batch.BaseOffset}.");
        }

        if (batch.SizeInBytes > options.MaxBatchBytes)
        {
            return TooLarge(batch.SizeInBytes, options);
        }

        if (!batch.IsCrcValid())
        {
            return RecordValidationResult.Refused(
                RecordFault.CorruptBatch,
                $"Record is corrupt (stored crc = {batch.Crc}) in topic partition {options.PartitionName}.");
        }

        return CheckCodec(batch.Compression, options);
    }

    private static RecordValidationResult CheckCodec(CompressionCodec codec, RecordValidationOptions options)
    {
        if (codec > CompressionCodec.Zstd)
        {
            return RecordValidationResult.Refused(
                RecordFault.UnknownCompression, $"Unknown compression type id: {(int)codec}");
        }

        return codec == CompressionCodec.Zstd && !options.AllowsZstd
            ? RecordValidationResult.Refused(
                RecordFault.UnsupportedCompression,
                "Produce requests before version 7 are not allowed to use ZStandard compression.")
            : default;
    }

    private static RecordValidationResult TooLarge(int size, RecordValidationOptions options) =>
        RecordValidationResult.Refused(
            RecordFault.BatchTooLarge,
            $"The record batch size in the append to {options.PartitionName} is {size} bytes which exceeds the "
            + $"maximum configured value of {options.MaxBatchBytes}.");

    // What a client's header may not say; the message of the refusal, or null.
    private static string? CheckHeader(RecordBatchView batch, RecordValidationOptions options)
    {
        if (options.Origin != AppendOrigin.Client)
        {
            return null;
        }

        long lastOffset = batch.LastOffset;
        long count = unchecked(lastOffset - batch.BaseOffset + 1);
        if (count <= 0)
        {
            return $"Batch has an invalid offset range: [{batch.BaseOffset}, {lastOffset}]";
        }

        if (batch.RecordCount <= 0)
        {
            return $"Invalid reported count for record batch: {batch.RecordCount}";
        }

        if (count != batch.RecordCount)
        {
            return $"Inconsistent batch offset range [{batch.BaseOffset}, {lastOffset}] and count of records "
                + $"{batch.RecordCount}";
        }

        if (batch.IsControl)
        {
            return "Clients are not allowed to write control records";
        }

        return batch.HasProducerId && batch.BaseSequence < 0
            ? $"Invalid sequence number {batch.BaseSequence} in record batch with producerId {batch.ProducerId}"
            : null;
    }

    private static RecordValidationResult WalkRecords(
        RecordBatchView batch,
        RecordValidationOptions options,
        long nowMs,
        long firstOffset,
        RecordBatchBuilder? builder)
    {
        bool checksTime = options.TimestampType == TimestampType.CreateTime;
        bool isAppendTime = batch.TimestampType == TimestampType.LogAppendTime;
        long maxTimestamp = NoTimestamp;
        int index = 0;
        RecordErrorList errors = default;
        long maxBytes = builder is null ? RecordReader.DefaultMaxDecompressedBytes : options.MaxRewrittenBytes;
        using var records = new RecordReader(
            batch, maxBytes, skipsContents: builder is null, options.MaxRecordBytes);
        while (records.MoveNext())
        {
            ref readonly RecordView record = ref records.Current;
            long timestamp = record.Timestamp;
            if (options.IsCompacted && !record.HasKey)
            {
                errors.AddNoKey(index, options);
            }
            else if (checksTime && timestamp != NoTimestamp)
            {
                long age = unchecked(nowMs - timestamp);
                if (age > options.TimestampBeforeMaxMs || unchecked(-age) > options.TimestampAfterMaxMs)
                {
                    errors.AddOutOfRange(index, record, nowMs, options);
                }
            }
            else if (isAppendTime)
            {
                errors.AddTimestampType(index, record);
            }

            if (errors.IsEmpty)
            {
                maxTimestamp = Math.Max(maxTimestamp, timestamp);
                builder?.AppendAt(firstOffset + index, record);
            }

            index++;
        }

        if (records.Fault != RecordFault.None)
        {
            return RecordValidationResult.Refused(records.Fault, DescribeFault(records.Fault, index));
        }

        return errors.IsEmpty
            ? new RecordValidationResult { RecordCount = index, MaxTimestampMs = maxTimestamp }
            : errors.ToResult(ErrorsShown);
    }

    private static string DescribeFault(RecordFault fault, int index) => fault switch
    {
        RecordFault.DecompressionFailed => "Failed to decompress record stream",
        RecordFault.DecompressedTooLarge => "The decompressed records are too large",
        _ => string.Create(CultureInfo.InvariantCulture, $"Found invalid record structure at record {index}"),
    };

    private RecordBatchBuilder OpenBuilder(
        RecordBatchView batch, RecordValidationOptions options, long firstOffset, int leaderEpoch, long nowMs,
        CompressionCodec target)
    {
        _builder ??= new RecordBatchBuilder(capacity: batch.SizeInBytes);
        _builder.Reset(new RecordBatchOptions
        {
            BaseOffset = firstOffset,
            PartitionLeaderEpoch = leaderEpoch,
            Compression = target,
            CompressionLevel = options.TargetLevel,
            TimestampType = options.TimestampType,
            LogAppendTimeMs = nowMs,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            IsTransactional = batch.IsTransactional,
        });
        return _builder;
    }
}
