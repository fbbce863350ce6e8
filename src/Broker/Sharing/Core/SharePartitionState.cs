using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>
/// A share partition as its leader keeps it: who holds which records, and what became of those that came back
/// (KIP-932).
/// </summary>
/// <remarks>
/// Pure: requests and the time in, answers and what is to be persisted out. A change that a member asks for counts when
/// it is persisted (<see cref="Commit"/>), or never (<see cref="RollBack"/>); until then its records are nobody's. A
/// lock that runs out counts at once.
/// </remarks>
internal sealed class SharePartitionState(InFlightRecords records)
{
    public long StartOffset => records.StartOffset;

    public int CompleteCount => records.CompleteCount();

    public long NextOffset => records.NextOffset();

    public InFlightRecords Records => records;

    /// <summary>Whether there is anything that may be delivered, as far as the locks say.</summary>
    public bool MayAcquire(ShareLimits limits) =>
        records.NextOffset() != records.EndOffset + 1 || records.Count < limits.MaxRecordLocks;

    public IReadOnlyList<AcquiredRange> Acquire(ShareLimits limits, AcquireRequest request, long nowMs) =>
        Acquisition.Run(records, limits, request, nowMs);

    /// <summary>
    /// Leaves out what was given but belongs to aborted transactions: it is done, for everybody.
    /// </summary>
    /// <param name="aborted">In the order of offsets.</param>
    public IReadOnlyList<AcquiredRange> WithoutAborted(
        IReadOnlyList<AcquiredRange> given, IReadOnlyList<LogBatch> aborted)
    {
        foreach (LogBatch batch in aborted)
        {
            records.Archive(batch.BaseOffset, batch.LastOffset, RecordState.Acquired);
        }

        List<AcquiredRange> kept = [];
        foreach (AcquiredRange range in given)
        {
            long next = range.FirstOffset;
            foreach (LogBatch batch in aborted)
            {
                if (batch.LastOffset < next || batch.BaseOffset > range.LastOffset)
                {
                    continue;
                }

                if (batch.BaseOffset > next)
                {
                    kept.Add(range with { FirstOffset = next, LastOffset = batch.BaseOffset - 1 });
                }

                next = batch.LastOffset + 1;
            }

            if (next <= range.LastOffset)
            {
                kept.Add(range with { FirstOffset = next });
            }
        }

        return kept;
    }

    /// <summary>What a member says of records that it holds: all of it counts, or none.</summary>
    /// <param name="transition">What is to be persisted; empty where nothing is.</param>
    public ShareError? Acknowledge(
        string member, IReadOnlyList<Acknowledgement> said, ShareLimits limits, long nowMs, Transition transition)
    {
        foreach (Acknowledgement one in said)
        {
            if (Acknowledge(member, one, limits, nowMs, transition) is { } error)
            {
                RollBack(transition, limits, nowMs);
                transition.Batches.Clear();
                return error;
            }
        }

        return null;
    }

    /// <summary>A member is gone: what it holds may be given to others.</summary>
    public Transition Release(string member, ShareLimits limits)
    {
        Transition transition = new();
        foreach (InFlightBatch batch in records.Batches)
        {
            CutAtStart(batch);
            foreach (InFlightRun run in batch.Runs)
            {
                if (run.IsHeld && run.Member == member)
                {
                    run.Begin(transition, Released(run, limits));
                }
            }
        }

        return transition;
    }

    /// <summary>Locks that have run out: their records may be given to others at once.</summary>
    /// <returns>What is to be persisted.</returns>
    public IReadOnlyList<StateBatch> Expire(ShareLimits limits, long nowMs)
    {
        List<StateBatch> changed = [];
        foreach (InFlightBatch batch in records.Batches)
        {
            if (!batch.Runs.Any(run => run.IsHeld && run.LockEndMs <= nowMs))
            {
                continue;
            }

            CutAtStart(batch);
            foreach (InFlightRun run in batch.Runs)
            {
                if (!run.IsHeld || run.LockEndMs > nowMs)
                {
                    continue;
                }

                run.Become(Released(run, limits));
                changed.Add(new StateBatch(run.FirstOffset, run.LastOffset, run.State, (short)run.DeliveryCount));
                records.MarkAvailable();
            }
        }

        return changed;
    }

    /// <summary>When the next lock runs out, on the monotonic clock; null when nothing is held.</summary>
    public long? NextLockEndMs()
    {
        long? next = null;
        foreach (InFlightBatch batch in records.Batches)
        {
            foreach (InFlightRun run in batch.Runs)
            {
                if (run.IsHeld && (next is null || run.LockEndMs < next))
                {
                    next = run.LockEndMs;
                }
            }
        }

        return next;
    }

    /// <summary>Changes are persisted.</summary>
    public void Commit(Transition transition)
    {
        foreach (InFlightRun run in RunsOf(transition))
        {
            run.Commit();
        }

        records.MarkAvailable();
        records.Advance();
    }

    /// <summary>Changes could not be persisted: they never were.</summary>
    public void RollBack(Transition transition, ShareLimits limits, long nowMs)
    {
        foreach (InFlightRun run in RunsOf(transition))
        {
            run.RollBack(nowMs, limits.MaxDeliveryCount);
        }

        records.MarkAvailable();
    }

    /// <summary>Records have found their way to the dead letter queue, or will not.</summary>
    /// <returns>What is to be persisted.</returns>
    public IReadOnlyList<StateBatch> ArchiveDeadLetters(long firstOffset, long lastOffset)
    {
        List<StateBatch> changed = [];
        foreach (InFlightBatch batch in records.Overlapping(firstOffset, lastOffset))
        {
            foreach (InFlightRun run in batch.Runs)
            {
                if (run.State == RecordState.Archiving && run.Pending is null
                    && run.FirstOffset >= firstOffset && run.LastOffset <= lastOffset)
                {
                    run.Become(RecordState.Archived);
                    changed.Add(new StateBatch(
                        run.FirstOffset, run.LastOffset, run.State, (short)run.DeliveryCount));
                }
            }
        }

        return changed;
    }

    /// <summary>The records that are on their way to the dead letter queue.</summary>
    public IReadOnlyList<StateBatch> DeadLetters() =>
    [
        .. records.Batches.SelectMany(batch => batch.Runs)
            .Where(run => run.State == RecordState.Archiving && run.Pending is null)
            .Select(run => new StateBatch(run.FirstOffset, run.LastOffset, run.State, (short)run.DeliveryCount)),
    ];

    private ShareError? Acknowledge(
        string member, in Acknowledgement said, ShareLimits limits, long nowMs, Transition transition)
    {
        if (said.LastOffset < StartOffset)
        {
            return null;
        }

        IReadOnlyList<InFlightBatch> batches = records.Overlapping(said.FirstOffset, said.LastOffset);
        if (WhyNotFound(said, batches) is { } missing)
        {
            return missing;
        }

        foreach (InFlightBatch batch in batches)
        {
            if (batch.LastOffset < StartOffset)
            {
                continue;
            }

            long first = Math.Max(Math.Max(said.FirstOffset, batch.FirstOffset), StartOffset);
            long last = Math.Min(said.LastOffset, batch.LastOffset);
            bool isWhole = !batch.IsSplit && said.Types.Count == 1 && batch.IsWithin(first, last);
            IEnumerable<InFlightRun> runs = isWhole ? batch.Runs : Cut(batch, said, first, last);
            foreach (InFlightRun run in runs)
            {
                if (Settle(member, run, said.TypeOf(run.FirstOffset), limits, nowMs, transition) is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }

    private ShareError? WhyNotFound(in Acknowledgement said, IReadOnlyList<InFlightBatch> batches)
    {
        bool startsWithin = records.Floor(said.FirstOffset) >= 0
            || (said.FirstOffset < StartOffset && records.Floor(StartOffset) >= 0);
        if (!startsWithin)
        {
            return new ShareError(
                ErrorCode.InvalidRecordState,
                "Batch record not found. The request batch offsets are not found in the cache.");
        }

        if (batches.Count == 0 || said.LastOffset > batches[^1].LastOffset)
        {
            string which = batches.Count == 0 ? "first" : "last";
            return new ShareError(
                ErrorCode.InvalidRequest,
                $"Batch record not found. The {which} offset in request is past acquired records.");
        }

        return null;
    }

    /// <summary>The runs that a range concerns, each with records of which the same is said.</summary>
    private static IEnumerable<InFlightRun> Cut(InFlightBatch batch, Acknowledgement said, long first, long last)
    {
        if (!batch.IsSplit && batch.Whole.State != RecordState.Acquired)
        {
            return batch.Runs;
        }

        for (long offset = first + 1; said.Types.Count > 1 && offset <= last; offset++)
        {
            if (said.TypeOf(offset) != said.TypeOf(offset - 1))
            {
                batch.Cut(offset);
            }
        }

        return batch.Within(first, last);
    }

    private static ShareError? Settle(
        string member, InFlightRun run, AcknowledgeType type, ShareLimits limits, long nowMs, Transition transition)
    {
        if (run.Pending is not null)
        {
            return new ShareError(
                ErrorCode.InvalidRecordState,
                "The record state is invalid. The acknowledgement of delivery could not be completed.");
        }

        if (run.State != RecordState.Acquired)
        {
            return new ShareError(
                ErrorCode.InvalidRecordState,
                "The records cannot be acknowledged. They are not in the acquired state.");
        }

        if (run.Member != member)
        {
            return new ShareError(ErrorCode.InvalidRecordState, "Member is not the owner of the records");
        }

        switch (type)
        {
            case AcknowledgeType.Renew when limits.RenewsLocks:
                run.LockEndMs = nowMs + limits.LockMs;
                return null;
            case AcknowledgeType.Renew:
                return new ShareError(
                    ErrorCode.InvalidRecordState, "Renewing acquisition locks is not enabled for the group.");
            case AcknowledgeType.Accept:
                run.Begin(transition, RecordState.Acknowledged);
                return null;
            case AcknowledgeType.Release:
                run.Begin(transition, Spent(run, limits) ?? RecordState.Available);
                return null;
            case AcknowledgeType.Reject when limits.HasDeadLetters:
                transition.Rejected.Add(run.FirstOffset);
                run.Begin(transition, RecordState.Archiving);
                return null;
            case AcknowledgeType.Gap or AcknowledgeType.Reject:
                run.Begin(transition, RecordState.Archived);
                return null;
            default:
                return new ShareError(ErrorCode.InvalidRequest, $"Invalid acknowledge type: {(sbyte)type}");
        }
    }

    /// <summary>What becomes of records whose member does not say.</summary>
    private RecordState Released(InFlightRun run, ShareLimits limits) => run.LastOffset < StartOffset
        ? RecordState.Archived
        : Spent(run, limits) ?? RecordState.Available;

    private static RecordState? Spent(InFlightRun run, ShareLimits limits) =>
        run.DeliveryCount < limits.MaxDeliveryCount ? null
        : limits.HasDeadLetters ? RecordState.Archiving
        : RecordState.Archived;

    private void CutAtStart(InFlightBatch batch)
    {
        if (batch.IsCutBy(StartOffset))
        {
            batch.Cut(StartOffset);
        }
    }

    private IEnumerable<InFlightRun> RunsOf(Transition transition) =>
    [
        .. transition.Batches.SelectMany(change => records.Overlapping(change.FirstOffset, change.LastOffset))
            .Distinct().SelectMany(batch => batch.Runs).Where(run => run.Pending == transition),
    ];
}
