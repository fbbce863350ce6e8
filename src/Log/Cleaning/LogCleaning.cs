using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Cleaning;

/// <summary>One cleaning of one log: the last offsets of the dirty part's keys are collected, then all segments up to
/// there are written anew without what they supersede, group by group.</summary>
/// <remarks>Runs in slices on no strand; only what changes the log runs on its owner's. It holds the segments it
/// reads; whoever truncates or deletes them meanwhile makes it end without effect.</remarks>
internal sealed class LogCleaning(
    CleanerTarget target, KeyOffsetMap map, SlicePacer pacer, TimeProvider time, CleanerBuffers buffers)
{
    private readonly PartitionLog _log = target.Log;
    private CleaningPlan? _planOrNone;
    private IReadOnlyDictionary<long, LastRecord> _producers = new Dictionary<long, LastRecord>();

    /// <summary>From here on nothing is touched; 0 before that is known.</summary>
    public long FirstUncleanableOffset => _planOrNone?.Range.FirstUncleanableOffset ?? 0;

    private CleaningPlan Plan => _planOrNone ?? throw new InvalidOperationException("There is no plan yet");

    public CleaningStats Stats { get; } = new(target.Log.TopicPartition);

    /// <summary>Returns whether it went through; if not, the log is as it was, but for groups that were done.</summary>
    /// <exception cref="UncleanableLogException">The log has bad records.</exception>
    /// <exception cref="Storage.StorageException">The disk failed.</exception>
    public async Task<bool> RunAsync()
    {
        long startedMs = time.MonotonicMs();
        (Task flush, CleaningStart start) = await target.RunAsync(Flush);
        await flush;
        if (await target.RunAsync(() => CleaningPlan.Make(_log, start, time.WallClockMs())) is not { } plan)
        {
            return false;
        }

        _planOrNone = plan;
        try
        {
            await pacer.NextSliceAsync(0);
            bool isDone = await BuildMapAsync() && await CleanAsync()
                && await target.RunAsync(MarkCleaned);
            await pacer.NextSliceAsync(0);
            Stats.DurationMs = time.MonotonicMs() - startedMs;
            return isDone;
        }
        catch (UncleanableLogException) when (IsOver)
        {
            // A segment was cut while it was read.
            return false;
        }
        finally
        {
            plan.Dispose();
        }
    }

    private bool IsOver => pacer.IsStopped || _log.IsClosed || _log.IsOffline || _log.Truncations != Plan.Truncations;

    /// <summary>What is cleaned must be durable, and so must be the records and batches for whose sake others go. No
    /// flush of a segment may be under way when its files are replaced.</summary>
    private (Task Flush, CleaningStart Start) Flush() => _log.IsClosed
        ? (Task.CompletedTask, CleaningStart.None)
        : (_log.FlushAsync().AsTask(), new CleaningStart(_log.Truncations, _log.LastRecordsOfProducers()));

    private bool MarkCleaned()
    {
        if (IsOver)
        {
            return false;
        }

        _log.MarkCleaned(Stats.EndOffset);
        return true;
    }

    private async Task<bool> BuildMapAsync()
    {
        map.Reset(buffers.MapBytes, buffers.LoadFactor);
        using var builder = new MapBuilder(map, Plan, buffers.IoBytes);
        for (bool hasMore = true; hasMore;)
        {
            if (IsOver)
            {
                return false;
            }

            long before = builder.BytesRead;
            hasMore = builder.Step();
            await pacer.NextSliceAsync(builder.BytesRead - before);
        }

        _producers = builder.LastRecords();
        Stats.MapBytes = builder.BytesRead;
        Stats.MapUtilization = map.Utilization;
        Stats.EndOffset = map.LatestOffset + 1;
        return map.LatestOffset >= 0;
    }

    private async Task<bool> CleanAsync()
    {
        var round = new CleaningRound(
            map, new CleanedTransactions(), Stats.EndOffset, _producers, time.WallClockMs(),
            Plan.Options.DeleteRetentionMs);
        List<LogSegment> segments = [.. Plan.Segments.TakeWhile(segment => segment.BaseOffset < round.EndOffset)];
        using var filter = new BatchFilter(round);
        foreach (LogSegment[] group in SegmentGroups.Of(
            segments, Plan.Range.FirstUncleanableOffset, Plan.Options.SegmentBytes, Plan.Options.SegmentIndexBytes))
        {
            using var writer = new GroupWriter(Plan, group, round, filter, buffers.IoBytes);
            for (bool hasMore = true; hasMore;)
            {
                if (IsOver)
                {
                    return false;
                }

                long before = writer.BytesRead + writer.BytesWritten;
                hasMore = writer.Step();
                await pacer.NextSliceAsync(writer.BytesRead + writer.BytesWritten - before);
            }

            await writer.FinishAsync();
            Stats.BytesRead += writer.BytesRead;
            Stats.BytesWritten += writer.BytesWritten;
            bool isReplaced = await target.RunAsync(() => writer.Replace(Plan.Truncations));
            await pacer.NextSliceAsync(0);
            if (!isReplaced)
            {
                return false;
            }
        }

        return true;
    }
}
