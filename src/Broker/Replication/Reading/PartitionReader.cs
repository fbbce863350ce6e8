using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Sessions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Reading;

/// <summary>Reads one partition for one fetch, on any thread, without its strand.</summary>
internal static class PartitionReader
{
    /// <summary>Less is read at once: then the calls that sendfile takes cost more than the copy that it spares.
    /// </summary>
    /// <remarks>For consumers only: what they may read is never cut off. A follower's records may be, by the next term,
    /// between this read and the send.</remarks>
    private const int DeferredBytes = 256 * 1024;

    /// <summary>Whether a request that speaks of <paramref name="currentLeaderEpoch"/> may be served here.</summary>
    public static ErrorCode CheckEpoch(ReplicaView view, int currentLeaderEpoch, bool requiresLeader)
    {
        if (view.Role == PartitionRole.None)
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        if (currentLeaderEpoch >= 0 && currentLeaderEpoch != view.LeaderEpoch)
        {
            return currentLeaderEpoch < view.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        }

        return requiresLeader && !view.IsLeader ? ErrorCode.NotLeaderOrFollower : ErrorCode.None;
    }

    /// <summary>Checks everything but the records: epoch, role, range, divergence.</summary>
    public static ErrorCode Check(
        FetchEntry entry, in FetchParameters fetch, ReplicaView view, out LogPoint? diverging)
    {
        diverging = null;
        ErrorCode error = CheckEpoch(view, entry.CurrentLeaderEpoch, !fetch.MayReadFollower);
        if (error != ErrorCode.None)
        {
            return error;
        }

        PartitionLog log = entry.Partition!.Log;
        if (log.IsOffline)
        {
            return ErrorCode.KafkaStorageError;
        }

        if (fetch.IsFollower && !view.HasReplica(fetch.ReplicaId))
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        if (entry.MaxBytes < 0 || fetch.MaxBytes < 0)
        {
            return ErrorCode.UnknownServerError;
        }

        if (entry.LastFetchedEpoch >= 0)
        {
            LogPoint end = log.EndOffsetForEpoch(entry.LastFetchedEpoch);
            if (end.EndOffset < 0 || end.Epoch < 0 || entry.FetchOffset < log.LogStartOffset)
            {
                return ErrorCode.OffsetOutOfRange;
            }

            if (end.Epoch < entry.LastFetchedEpoch || end.EndOffset < entry.FetchOffset)
            {
                diverging = end;
                return ErrorCode.None;
            }
        }

        // A follower may lag behind what the consumer has read already: only the leader can say out of range.
        if (!view.IsLeader && entry.FetchOffset > log.HighWatermark)
        {
            return ErrorCode.OffsetNotAvailable;
        }

        return entry.FetchOffset < log.LogStartOffset || entry.FetchOffset > log.LogEndOffset
            ? ErrorCode.OffsetOutOfRange
            : ErrorCode.None;
    }

    public static long UpperBound(PartitionLog log, in FetchParameters fetch)
    {
        if (fetch.IsFollower)
        {
            return log.LogEndOffset;
        }

        return fetch.IsReadCommitted ? log.LastStableOffset : log.HighWatermark;
    }

    /// <summary>Bytes that a read would give, without reading.</summary>
    public static int Measure(FetchEntry entry, in FetchParameters fetch, int maxBytes)
    {
        PartitionLog log = entry.Partition!.Log;
        long upper = UpperBound(log, fetch);
        if (entry.FetchOffset >= upper)
        {
            return 0;
        }

        using LogSlice slice = log.Locate(entry.FetchOffset, maxBytes, upper, minOneBatch: true);
        return slice.Length;
    }

    /// <param name="maxBytes">What is left of the request's limit.</param>
    /// <param name="minOneBatch">Nothing has been read yet: the first batch may exceed the limits.</param>
    public static FetchResult Read(FetchEntry entry, in FetchParameters fetch, int maxBytes, bool minOneBatch)
    {
        Partition partition = entry.Partition!;
        ReplicaView view = partition.View;
        ErrorCode error = Check(entry, fetch, view, out LogPoint? diverging);
        if (error != ErrorCode.None)
        {
            return FetchResult.Failed(error);
        }

        PartitionLog log = partition.Log;
        // Each may move on while the next is read: in this order none is told to be beyond the one that bounds it.
        long upper = UpperBound(log, fetch);
        long stable = log.LastStableOffset;
        long highWatermark = log.HighWatermark;
        var result = new FetchResult
        {
            HighWatermark = highWatermark,
            LastStableOffset = stable,
            LogStartOffset = log.LogStartOffset,
            Diverging = diverging,
        };
        int limit = Math.Min(entry.MaxBytes, maxBytes);
        if (diverging is null && entry.FetchOffset < upper && (limit > 0 || minOneBatch))
        {
            LogReadResult read = log.Read(
                entry.FetchOffset, limit, upper, minOneBatch, fetch.IsFollower ? int.MaxValue : DeferredBytes);
            if (read.Error != ErrorCode.None)
            {
                read.Dispose();
                return FetchResult.Failed(read.Error);
            }

            result.Records = read.Records;
            result.Lease = read.Lease;
            if (fetch.IsReadCommitted && read.Records.Length > 0)
            {
                result.Aborted = log.AbortedTransactions(entry.FetchOffset, read);
            }
        }

        // The log may only have been cut under another view; what was read then is not what this term promises.
        ReplicaView after = partition.View;
        if (after.Role != view.Role || after.LeaderEpoch != view.LeaderEpoch)
        {
            result.Lease?.Dispose();
            return FetchResult.Failed(ErrorCode.NotLeaderOrFollower);
        }

        return result;
    }
}
