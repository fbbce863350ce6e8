using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <content>Appending: batches are staged one by one and written together.</content>
public sealed partial class PartitionLog
{
    private readonly List<ReadOnlyMemory<byte>> _stagedBytes = [];
    private readonly List<BatchInfo> _stagedBatches = [];
    private int _stagedSize;

    private const string OfflineMessage = "The log's disk has failed";

    /// <summary>Validates one batch, gives it offsets and epoch in place, and writes it.</summary>
    public LogAppendResult AppendAsLeader(
        Memory<byte> records, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client) =>
        AppendAsLeader(new LeaderAppend(records, origin), leaderEpoch);

    /// <summary>Validates one batch, gives it offsets and epoch in place, and writes it.</summary>
    public LogAppendResult AppendAsLeader(in LeaderAppend append, int leaderEpoch)
    {
        LogAppendResult result = default;
        AppendAsLeader([append], leaderEpoch, new Span<LogAppendResult>(ref result));
        return result;
    }

    /// <summary>Appends several batches, each judged by itself, in one write.</summary>
    public void AppendAsLeader(ReadOnlySpan<LeaderAppend> appends, int leaderEpoch, Span<LogAppendResult> results)
    {
        if (!IsOffline)
        {
            try
            {
                long nowMs = NowMs();
                long nextOffset = _logEndOffset;
                for (int i = 0; i < appends.Length; i++)
                {
                    results[i] = Stage(appends[i], leaderEpoch, nowMs, i == appends.Length - 1, ref nextOffset);
                }

                WriteStaged(nextOffset);
                return;
            }
            catch (StorageException error)
            {
                Fail(error);
            }
        }

        results[..appends.Length].Fill(LogAppendResult.Failed(
            ErrorCode.KafkaStorageError, OfflineMessage, LogStartOffset));
    }

    /// <summary>Appends batches exactly as they are (their offsets and epochs stay) in one write.</summary>
    /// <remarks>
    /// Checked: checksums, format, offsets that rise and start at the log end or beyond it (a leader's compaction
    /// leaves
    /// gaps). An incomplete batch at the end is left out. Nothing is written unless all is good. Control batches may
    /// come. Duplicates and sequences are not judged.
    /// </remarks>
    public LogAppendResult AppendAsFollower(ReadOnlyMemory<byte> records)
    {
        if (IsOffline)
        {
            return LogAppendResult.Failed(ErrorCode.KafkaStorageError, OfflineMessage, LogStartOffset);
        }

        if (CheckExact(records.Span, out long firstOffset, out long lastOffset) is { } refusal)
        {
            return refusal;
        }

        try
        {
            long nowMs = NowMs();
            var batches = new RecordBatchEnumerator(records.Span);
            int runStart = 0;
            while (batches.MoveNext())
            {
                RecordBatchView batch = batches.Current;
                BatchInfo info = BatchInfo.Of(batch);
                if (MustRoll(info, nowMs))
                {
                    StageRun(records, runStart, batches.Position);
                    runStart = batches.Position;
                    WriteStaged(Math.Max(info.BaseOffset, _logEndOffset));
                    RollTo(_logEndOffset);
                }

                Active.Note(_producers.Append(ProducerHeader.Of(batch.Bytes), batch.Bytes));
                _stagedBatches.Add(info);
                _stagedSize += info.SizeBytes;
            }

            StageRun(records, runStart, batches.BytesUsed);
            WriteStaged(lastOffset + 1);
        }
        catch (StorageException error)
        {
            Fail(error);
            return LogAppendResult.Failed(ErrorCode.KafkaStorageError, OfflineMessage, LogStartOffset);
        }

        return new LogAppendResult
        {
            BaseOffset = firstOffset,
            LastOffset = lastOffset,
            LogAppendTimeMs = -1,
            LogStartOffset = LogStartOffset,
        };
    }

    /// <summary>Starts a new segment at the log end, unless the active one is empty.</summary>
    public void Roll() => Guard(() =>
    {
        if (Active.SizeBytes > 0)
        {
            RollTo(_logEndOffset);
        }

        return 0;
    });

    private LogAppendResult Stage(
        LeaderAppend append, int leaderEpoch, long nowMs, bool isLast, ref long nextOffset)
    {
        RecordValidationResult valid = _validator.Validate(
            append.Records, _rules.For(append.Origin, append.AllowsZstd), nextOffset, leaderEpoch, nowMs);
        if (!valid.IsValid)
        {
            return LogAppendResult.Failed(AppendRules.ErrorOf(valid.Fault), valid.Message, LogStartOffset) with
            {
                RecordErrors = valid.RecordErrors,
            };
        }

        ReadOnlyMemory<byte> bytes = valid.Batch;
        if (bytes.Length > _options.SegmentBytes)
        {
            return LogAppendResult.Failed(
                ErrorCode.RecordListTooLarge,
                $"Message batch size is {bytes.Length} bytes in append to partition {TopicPartition}, which exceeds "
                + $"the maximum configured segment size of {_options.SegmentBytes}.",
                LogStartOffset);
        }

        ProducerHeader producer = ProducerHeader.Of(bytes.Span);
        ProducerVerdict verdict = _producers.Check(producer, bytes.Span, append, nowMs);
        if (verdict.Duplicate is { } duplicate)
        {
            return new LogAppendResult
            {
                BaseOffset = duplicate.FirstOffset,
                LastOffset = duplicate.LastOffset,
                LogAppendTimeMs = duplicate.TimestampMs,
                LogStartOffset = LogStartOffset,
                IsDuplicate = true,
            };
        }

        if (verdict.Error != ErrorCode.None)
        {
            return LogAppendResult.Failed(verdict.Error, verdict.Message, LogStartOffset);
        }

        var info = new BatchInfo(
            valid.FirstOffset, valid.LastOffset, bytes.Length, producer.MaxTimestampMs, leaderEpoch);
        if (MustRoll(info, nowMs))
        {
            WriteStaged(nextOffset);
            RollTo(nextOffset);
        }

        // A rewritten batch lies in the validator's own buffer, which the next one overwrites.
        _stagedBytes.Add(valid.IsRewritten && !isLast ? bytes.ToArray() : bytes);
        _stagedBatches.Add(info);
        _stagedSize += bytes.Length;
        Active.Note(_producers.Append(producer, bytes.Span, append.BumpsEpoch));
        nextOffset = valid.LastOffset + 1;
        return new LogAppendResult
        {
            BaseOffset = valid.FirstOffset,
            LastOffset = valid.LastOffset,
            LogAppendTimeMs = valid.LogAppendTimeMs,
            LogStartOffset = LogStartOffset,
        };
    }

    /// <summary>Null when all whole batches are good.</summary>
    private LogAppendResult? CheckExact(ReadOnlySpan<byte> records, out long firstOffset, out long lastOffset)
    {
        long expected = _logEndOffset;
        firstOffset = expected;
        lastOffset = expected - 1;
        bool isFirst = true;
        var batches = new RecordBatchEnumerator(records);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            if (batch.LastOffsetDelta < 0 || !batch.IsCrcValid())
            {
                return LogAppendResult.Failed(
                    ErrorCode.CorruptMessage, $"A batch at offset {batch.BaseOffset} is corrupt", LogStartOffset);
            }

            if (batch.BaseOffset < expected)
            {
                return LogAppendResult.Failed(
                    ErrorCode.OffsetOutOfRange,
                    $"A batch at offset {batch.BaseOffset} cannot be appended at {expected}",
                    LogStartOffset);
            }

            firstOffset = isFirst ? batch.BaseOffset : firstOffset;
            isFirst = false;
            lastOffset = batch.LastOffset;
            expected = lastOffset + 1;
        }

        return batches.Fault == RecordFault.None ? null : LogAppendResult.Failed(
            AppendRules.ErrorOf(batches.Fault), "The records are no sequence of batches", LogStartOffset);
    }

    private void StageRun(ReadOnlyMemory<byte> records, int start, int end)
    {
        if (end > start)
        {
            _stagedBytes.Add(records[start..end]);
        }
    }

    private bool MustRoll(in BatchInfo batch, long nowMs)
    {
        LogSegment active = Active;
        int size = active.SizeBytes + _stagedSize;
        if (size == 0)
        {
            return batch.LastOffset - active.BaseOffset > int.MaxValue;
        }

        if (size > _options.SegmentBytes - batch.SizeBytes
            || batch.LastOffset - active.BaseOffset > int.MaxValue
            || active.Offsets.IsFull(_options.SegmentIndexBytes)
            || active.Times.IsFull(_options.SegmentIndexBytes))
        {
            return true;
        }

        long firstMs = active.FirstTimestampMs ?? _stagedBatches[0].MaxTimestampMs;
        long waitedMs = firstMs >= 0 ? batch.MaxTimestampMs - firstMs : nowMs - active.CreatedMs;
        return waitedMs > _options.RollMs - active.JitterMs;
    }

    /// <summary>One write for all that is staged; then indexes, epochs and readers learn of it.</summary>
    private void WriteStaged(long nextOffset)
    {
        if (_stagedBatches.Count == 0)
        {
            return;
        }

        LogSegment active = Active;
        try
        {
            if (_stagedBytes.Count == 1)
            {
                active.Write(_stagedBytes[0].Span);
            }
            else
            {
                active.Write(_stagedBytes);
            }

            int position = active.SizeBytes;
            foreach (BatchInfo batch in _stagedBatches)
            {
                active.Account(batch, position, _options.IndexIntervalBytes);
                _epochs.Assign(batch.LeaderEpoch, batch.BaseOffset);
                position += batch.SizeBytes;
            }

            active.Publish(position, nextOffset);
            Volatile.Write(ref _sizeBytes, _sizeBytes + _stagedSize);
            PublishFirstUnstableOffset();
            Volatile.Write(ref _logEndOffset, nextOffset);
            if (nextOffset - RecoveryPoint >= _options.FlushMessages)
            {
                FlushNow();
            }
        }
        finally
        {
            _stagedBytes.Clear();
            _stagedBatches.Clear();
            _stagedSize = 0;
        }
    }

    private void RollTo(long baseOffset)
    {
        LogSegment old = Active;
        if (old.BaseOffset == baseOffset)
        {
            // Only an empty segment can start where the next one would.
            return;
        }

        LogSegment next = LogSegment.Create(
            _storage, Directory, baseOffset, _options, NowMs(), LogLoader.Jitter(_options, _settings.Chance));
        old.AddFinalTimeEntry();
        old.Seal();
        _producers.AdvanceEndOffset(baseOffset);
        _snapshots.Take(_producers);
        _isDirectoryDirty = true;
        Volatile.Write(ref _segments, [.. _segments, next]);
        StartFlush();
    }
}
