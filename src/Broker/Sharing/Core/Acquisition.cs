using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>Gives a member the records of one read that it may have.</summary>
internal sealed class Acquisition(InFlightRecords records, ShareLimits limits, AcquireRequest request, long nowMs)
{
    private readonly List<AcquiredRange> _given = [];
    private long _count;

    private long LockEndMs => nowMs + limits.LockMs;

    public static IReadOnlyList<AcquiredRange> Run(
        InFlightRecords records, ShareLimits limits, AcquireRequest request, long nowMs)
    {
        if (request.MaxRecords <= 0 || request.Log.Count == 0 || request.LastOffset < records.StartOffset)
        {
            return [];
        }

        Acquisition acquisition = new(records, limits, request, nowMs);
        acquisition.Acquire();
        return acquisition._given;
    }

    private void Acquire()
    {
        (long last, long max) = Bounds();
        if (max <= 0)
        {
            return;
        }

        long first = request.FirstOffset;
        if (request.FetchOffset < first)
        {
            // What lay there is gone from the log.
            records.Archive(request.FetchOffset, first - 1, RecordState.Available);
            records.MarkAvailable();
        }

        IReadOnlyList<InFlightBatch> known = records.Overlapping(first, last);
        if (known.Count == 0)
        {
            AcquireNew(Math.Max(first, records.StartOffset), last, max);
            return;
        }

        bool isThrottled = false;
        foreach (InFlightBatch batch in known)
        {
            if (_count >= max)
            {
                break;
            }

            bool throttles = Throttles(batch, first, last);
            if (throttles && _count > 0)
            {
                isThrottled = true;
                break;
            }

            if (AcquireAgain(batch, first, last, max - _count, throttles) && throttles)
            {
                isThrottled = true;
                break;
            }
        }

        if (!isThrottled && _count < max && known[^1].LastOffset < last)
        {
            AcquireNew(known[^1].LastOffset + 1, last, max - _count);
        }
    }

    /// <summary>The last offset that may be given, and how many may.</summary>
    private (long Last, long Max) Bounds()
    {
        long max = Math.Min(request.MaxRecords, limits.MaxRecordLocks - records.Count);
        if (max > 0 || request.FetchOffset > records.EndOffset)
        {
            return (request.LastOffset, max);
        }

        // Nothing new may be given, but what is in flight already may be again.
        return (
            Math.Min(request.LastOffset, records.EndOffset),
            Math.Min(request.MaxRecords, records.EndOffset - request.FetchOffset + 1));
    }

    /// <summary>Whether a batch was delivered so often that its records are delivered in small portions.</summary>
    private bool Throttles(InFlightBatch batch, long first, long last) => batch.Runs.Any(run => run.IsAvailable
        && run.DeliveryCount >= limits.ThrottledCount
        && (!batch.IsSplit || (run.LastOffset >= first && run.FirstOffset <= last)));

    /// <summary>Gives what is available of a batch that was delivered before. False when nothing is.</summary>
    private bool AcquireAgain(InFlightBatch batch, long first, long last, long max, bool throttles)
    {
        if (!batch.IsSplit && !batch.Whole.IsAvailable)
        {
            return false;
        }

        if (batch is { IsFresh: true, IsSplit: false })
        {
            AcquireFresh(batch, last, max);
            return true;
        }

        bool isCut = batch.IsSplit || throttles || !batch.IsWithin(first, last)
            || (request.IsStrict && batch.Count > max);
        if (isCut)
        {
            return AcquireSome(batch, Math.Max(first, batch.FirstOffset), Math.Min(last, batch.LastOffset), max);
        }

        batch.Whole.Acquire(request.Member, LockEndMs);
        Give(new AcquiredRange(batch.FirstOffset, batch.LastOffset, batch.Whole.DeliveryCount));
        return true;
    }

    /// <summary>Records between others that have to be delivered as if for the first time.</summary>
    private void AcquireFresh(InFlightBatch batch, long last, long max)
    {
        records.Remove(batch);
        long end = AcquireNew(batch.FirstOffset, Math.Min(last, batch.LastOffset), max);
        if (end < batch.LastOffset)
        {
            records.Add(InFlightBatch.Fresh(end + 1, batch.LastOffset));
        }
    }

    private bool AcquireSome(InFlightBatch batch, long first, long last, long max)
    {
        long given = 0;
        long mostThrottled = -1;
        AcquiredRange? open = null;
        batch.Split();
        foreach (InFlightRun run in batch.Runs.ToArray())
        {
            if (!run.IsAvailable || run.LastOffset < first || run.FirstOffset > last)
            {
                continue;
            }

            bool isLast = limits.IsolatesLast && run.DeliveryCount == limits.MaxDeliveryCount - 1;
            if (isLast && given > 0)
            {
                break;
            }

            if (run.DeliveryCount >= limits.ThrottledCount && mostThrottled < 0)
            {
                int halvings = run.DeliveryCount - limits.ThrottledCount + 1;
                mostThrottled = Math.Max(1, batch.Count >> Math.Min(halvings, 62));
            }

            long room = isLast ? 1 : long.MaxValue;
            room = request.IsStrict ? Math.Min(room, max - given) : room;
            room = given < mostThrottled ? Math.Min(room, mostThrottled - given) : room;
            AcquiredRange taken = Take(batch, run, first, last, room);
            given += taken.Count;
            if (open is { } before && before.LastOffset + 1 == taken.FirstOffset
                && before.DeliveryCount == taken.DeliveryCount)
            {
                open = before with { LastOffset = taken.LastOffset };
            }
            else
            {
                Flush(open);
                open = taken;
            }

            if (isLast || (request.IsStrict && given == max) || given == mostThrottled)
            {
                break;
            }
        }

        Flush(open);
        return given > 0;
    }

    private AcquiredRange Take(InFlightBatch batch, InFlightRun run, long first, long last, long room)
    {
        long from = Math.Max(run.FirstOffset, first);
        long to = Math.Min(run.LastOffset, last);
        to = room < to - from + 1 ? from + room - 1 : to;
        InFlightRun taken = from == run.FirstOffset ? run : batch.Cut(from)!;
        batch.Cut(to + 1);
        taken.Acquire(request.Member, LockEndMs);
        return new AcquiredRange(from, to, taken.DeliveryCount);
    }

    /// <summary>Gives records that were never delivered, up to the end of a record batch.</summary>
    /// <returns>The last offset that is in flight now.</returns>
    private long AcquireNew(long first, long last, long max)
    {
        if (records.IsEmpty)
        {
            first = Math.Max(first, records.EndOffset);
        }

        if (max < last - first + 1)
        {
            last = Math.Min(last, request.BatchEnd(first + max - 1));
        }

        if (request.IsStrict)
        {
            AcquireStrictly(first, last, max);
            return last;
        }

        foreach (LogBatch batch in request.Log)
        {
            if (batch.BaseOffset > last)
            {
                break;
            }

            if (last - first + 1 > request.BatchSize && batch.BaseOffset - first >= request.BatchSize)
            {
                AddNew(first, batch.BaseOffset - 1);
                first = batch.BaseOffset;
            }
        }

        AddNew(first, last);
        return last;
    }

    /// <summary>No more than was asked for; the rest of the last record batch is in flight, for the next who asks.
    /// </summary>
    private void AcquireStrictly(long first, long last, long max)
    {
        if (last - first + 1 <= max)
        {
            AddNew(first, last);
            return;
        }

        InFlightBatch batch = new(new InFlightRun(first, last));
        batch.Cut(first + max);
        batch.Whole.Acquire(request.Member, LockEndMs);
        records.Add(batch);
        records.MarkAvailable();
        Give(new AcquiredRange(first, first + max - 1, batch.Whole.DeliveryCount));
    }

    private void AddNew(long first, long last)
    {
        InFlightRun run = new(first, last);
        run.Acquire(request.Member, LockEndMs);
        records.Add(new InFlightBatch(run));
        Give(new AcquiredRange(first, last, run.DeliveryCount));
    }

    private void Flush(AcquiredRange? range)
    {
        if (range is { } ended)
        {
            Give(ended);
        }
    }

    private void Give(AcquiredRange range)
    {
        _given.Add(range);
        _count += range.Count;
    }
}
