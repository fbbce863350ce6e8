using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Sharing;

/// <summary>The log of a partition as a share group reads it.</summary>
internal static class SharedLog
{
    /// <summary>Nothing at or beyond it is given to members.</summary>
    public static long EndOffset(PartitionLog log, bool isReadCommitted) =>
        isReadCommitted ? log.LastStableOffset : log.HighWatermark;

    /// <summary>Where a group begins that has never read the partition.</summary>
    /// <exception cref="Log.Storage.StorageException">The disk failed.</exception>
    public static long BeginOffset(PartitionLog log, ShareGroupSettings settings, long wallClockMs)
    {
        if (settings.BeginsEarliest)
        {
            return log.LogStartOffset;
        }

        long end = EndOffset(log, isReadCommitted: false);
        return settings.BeginsBefore is { } before
            && log.FindOffsetByTimestamp(wallClockMs - (long)before.TotalMilliseconds) is { } found
            ? Math.Min(found.Offset, end)
            : end;
    }

    /// <summary>Bytes that a read would give, without reading.</summary>
    public static int Measure(PartitionLog log, long offset, int maxBytes, bool isReadCommitted)
    {
        using LogSlice slice = log.Locate(offset, maxBytes, EndOffset(log, isReadCommitted), minOneBatch: true);
        return slice.Length;
    }

    /// <summary>Gives a member what one read finds; the result owns what it holds of the read.</summary>
    /// <param name="maxBytes">The first batch may be larger where <paramref name="minOneBatch"/> is set.</param>
    public static SharePartResult Acquire(
        SharePartition from, ShareFetchAsk ask, ShareGroupSettings settings, int maxBytes, bool minOneBatch,
        int maxRecords)
    {
        TopicIdPartition name = new(from.Key.TopicId, from.Key.Partition);
        PartitionLog log = from.Partition.Log;
        long offset = from.State.NextOffset;
        long end = EndOffset(log, settings.IsReadCommitted);
        LogReadResult read = log.Read(offset, maxBytes, end, minOneBatch);
        if (read.Error != ErrorCode.None || !from.IsLeader)
        {
            read.Dispose();
            if (read.Error == ErrorCode.OffsetOutOfRange && offset < log.LogStartOffset)
            {
                from.State.Records.MoveStart(log.LogStartOffset);
                return SharePartResult.Empty(name);
            }

            return SharePartResult.Failed(
                name, read.Error == ErrorCode.None ? ErrorCode.NotLeaderOrFollower : read.Error);
        }

        List<LogBatch> batches = BatchesOf(read.Records.Span);
        AcquireRequest request = new(
            ask.MemberId, Math.Max(1, ask.BatchSize), maxRecords, ask.IsStrict, offset, batches);
        IReadOnlyList<AcquiredRange> given = from.Acquire(request, settings.Limits);
        if (settings.IsReadCommitted && given.Count > 0)
        {
            given = from.State.WithoutAborted(
                given, AbortedOf(read.Records.Span, log.AbortedTransactions(offset, read)));
        }

        if (given.Count == 0)
        {
            read.Dispose();
            return SharePartResult.Empty(name);
        }

        ReadOnlyMemory<byte> records = Slice(read.Records, given[0].FirstOffset, given[^1].LastOffset);
        return new SharePartResult(name, ErrorCode.None, records, read.Lease, given);
    }

    private static List<LogBatch> BatchesOf(ReadOnlySpan<byte> records)
    {
        List<LogBatch> batches = [];
        var enumerator = new RecordBatchEnumerator(records);
        while (enumerator.MoveNext())
        {
            batches.Add(new LogBatch(enumerator.Current.BaseOffset, enumerator.Current.LastOffset));
        }

        return batches;
    }

    /// <summary>The whole batches that hold the offsets of a range.</summary>
    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> records, long firstOffset, long lastOffset)
    {
        int from = 0;
        int to = 0;
        int position = 0;
        var enumerator = new RecordBatchEnumerator(records.Span);
        while (enumerator.MoveNext())
        {
            int size = enumerator.Current.SizeInBytes;
            if (enumerator.Current.LastOffset < firstOffset)
            {
                from = position + size;
            }

            if (enumerator.Current.BaseOffset <= lastOffset)
            {
                to = position + size;
            }

            position += size;
        }

        // Where only the offsets of records that are gone were given, something has to tell of them.
        return from < to ? records[from..to] : records[..position];
    }

    /// <summary>The batches of transactions that were aborted.</summary>
    private static List<LogBatch> AbortedOf(
        ReadOnlySpan<byte> records, IReadOnlyList<AbortedTransaction> transactions)
    {
        List<LogBatch> aborted = [];
        Queue<AbortedTransaction> coming = new(transactions.OrderBy(transaction => transaction.FirstOffset));
        HashSet<long> producers = [];
        var enumerator = new RecordBatchEnumerator(records);
        while (enumerator.MoveNext())
        {
            RecordBatchView batch = enumerator.Current;
            while (coming.TryPeek(out AbortedTransaction next) && next.FirstOffset <= batch.LastOffset)
            {
                producers.Add(coming.Dequeue().ProducerId);
            }

            if (batch.IsControl)
            {
                // The first marker of a producer after its aborted records is that of their abortion.
                producers.Remove(batch.ProducerId);
            }
            else if (batch.IsTransactional && producers.Contains(batch.ProducerId))
            {
                aborted.Add(new LogBatch(batch.BaseOffset, batch.LastOffset));
            }
        }

        return aborted;
    }
}
