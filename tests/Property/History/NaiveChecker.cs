using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.History;

/// <summary>Each anomaly as its definition reads, without any index: which kinds a history has.</summary>
internal sealed class NaiveChecker(OperationHistory history)
{
    public SortedSet<AnomalyKind> Kinds()
    {
        var kinds = new SortedSet<AnomalyKind>();
        Add(AnomalyKind.InconsistentOffsets, AreOffsetsInconsistent());
        Add(AnomalyKind.LostWrite, history.Sent.Any(IsLost));
        Add(AnomalyKind.Duplicate,
            history.Sent.Any(sent => sent.IsIdempotent && OffsetsOf(sent).Distinct().Count() > 1));
        Add(AnomalyKind.NonMonotonicSend, AreSendsReordered());
        Add(AnomalyKind.Phantom, Records().Any(seen => Find(seen) is null or { Outcome: Outcome.Failed })
            || history.Fetches.Any(fetch => IsForeign(fetch) && !IsAborted(fetch)));
        Add(AnomalyKind.AbortedRead, Records().Any(IsOfAbortedTransaction)
            || history.Fetches.Any(fetch => IsForeign(fetch) && IsAborted(fetch)));
        Add(AnomalyKind.DirtyRead, Records().Any(IsDirty));
        Add(AnomalyKind.NonMonotonicPoll, history.Readings.Any(reading => reading.Records.Index().Any(record =>
            record.Item.Offset < reading.From
            || reading.Records.Take(record.Index).Any(earlier => earlier.Offset >= record.Item.Offset))));
        Add(AnomalyKind.PollSkip, history.Readings.Any(HasSkipped));
        Add(AnomalyKind.BrokenAtomicity, history.Sent.Any(IsTorn));
        Add(AnomalyKind.LostCommit, history.Fetches.Any(IsBelowCommitted));
        Add(AnomalyKind.TwoOwners, history.Assignments.Any(one => history.Assignments.Any(other =>
            one.Group == other.Group && one.Generation == other.Generation && one.Member != other.Member
            && one.Partitions.Intersect(other.Partitions).Any())));
        return kinds;

        void Add(AnomalyKind kind, bool isThere)
        {
            if (isThere)
            {
                kinds.Add(kind);
            }
        }
    }

    private IEnumerable<(Reading By, ReadRecord Record)> Records() =>
        history.Readings.SelectMany(reading => reading.Records.Select(record => (reading, record)));

    private Sent? Find((Reading By, ReadRecord Record) seen) => history.Sent.FirstOrDefault(
        sent => sent.Partition == seen.By.Partition && sent.Value == seen.Record.Value);

    private IEnumerable<long> OffsetsOf(Sent sent) => Records().Where(seen =>
        seen.By.Partition == sent.Partition && seen.Record.Value == sent.Value).Select(seen => seen.Record.Offset);

    private static bool Holds(Reading reading, long offset, string value) =>
        reading.Records.FirstOrDefault(record => record.Offset == offset)?.Value == value;

    private static bool Lacks(Reading reading, string value) =>
        !reading.Records.Any(record => record.Value == value && Holds(reading, record.Offset, value));

    private IEnumerable<Reading> Finals(PartitionId partition, long from) => history.Readings.Where(reading =>
        reading.IsFinal && reading.Partition == partition && reading.From <= from);

    private bool AreOffsetsInconsistent()
    {
        var all = Records().Select(seen => (seen.By.Partition, seen.Record.Offset, seen.Record.Value))
            .Concat(history.Sent
                .Where(sent => sent is { IsDurable: true, Outcome: Outcome.Succeeded, Offset: not null })
                .Select(sent => (sent.Partition, sent.Offset!.Value, sent.Value))).ToList();
        return all.Exists(one => all.Exists(other =>
            one.Partition == other.Partition && one.Item2 == other.Item2 && one.Item3 != other.Item3));
    }

    private bool IsLost(Sent sent)
    {
        if (!sent.IsDurable || sent.Outcome != Outcome.Succeeded
            || sent.Transaction is { Outcome: not Outcome.Succeeded })
        {
            return false;
        }

        if (sent.Offset is not { } offset)
        {
            return Finals(sent.Partition, 0).Any(final => Lacks(final, sent.Value));
        }

        List<Reading> finals = [.. Finals(sent.Partition, offset)];
        List<Reading> over = [.. history.Readings.Where(reading =>
            reading.Partition == sent.Partition && reading.From <= offset && offset < reading.To)];
        return finals.Count > 0
            ? finals.Exists(final => !Holds(final, offset, sent.Value))
            : over.Count > 0 && !over.Exists(reading => Holds(reading, offset, sent.Value));
    }

    private bool AreSendsReordered() => history.Sent.Index().Any(later => history.Sent.Take(later.Index).Any(earlier =>
        later.Item.IsIdempotent && earlier.IsIdempotent && later.Item.Producer == earlier.Producer
        && later.Item.Partition == earlier.Partition && OffsetsOf(earlier).Any() && OffsetsOf(later.Item).Any()
        && OffsetsOf(later.Item).Min() < OffsetsOf(earlier).Min()));

    private bool IsOfAbortedTransaction((Reading By, ReadRecord Record) seen) =>
        seen.By.Isolation == Isolation.ReadCommitted && Find(seen)?.Transaction is { } transaction
        && (transaction.Outcome == Outcome.Failed || !transaction.IsCommitAsked);

    private bool IsDirty((Reading By, ReadRecord Record) seen)
    {
        bool isEarly = seen.By.Isolation == Isolation.ReadCommitted
            && Find(seen)?.Transaction is { IsCommitAsked: true, Outcome: not Outcome.Failed } transaction
            && transaction.CommitAskedAt > seen.Record.At;
        bool isUndone = !seen.By.IsFinal && Finals(seen.By.Partition, seen.Record.Offset).Any(final =>
            (final.Isolation == Isolation.ReadUncommitted || seen.By.Isolation == Isolation.ReadCommitted)
            && !Holds(final, seen.Record.Offset, seen.Record.Value));
        return isEarly || isUndone;
    }

    private bool HasSkipped(Reading reading) => !reading.IsFinal && Records().Any(seen =>
        seen.By.Partition == reading.Partition && seen.Record.Offset >= reading.From && seen.Record.Offset < reading.To
        && reading.Records.All(record => record.Offset != seen.Record.Offset)
        && (seen.By.IsFinal || !Finals(reading.Partition, seen.Record.Offset).Any())
        && (reading.Isolation == Isolation.ReadUncommitted || seen.By.Isolation == Isolation.ReadCommitted
            || Find(seen) is { Transaction: null or { Outcome: Outcome.Succeeded } }));

    private bool IsVisible(SentTransaction transaction) => Records().Any(seen =>
        seen.By.Isolation == Isolation.ReadCommitted && Find(seen)?.Transaction == transaction);

    private bool IsTorn(Sent sent) =>
        sent is { Outcome: Outcome.Succeeded, Transaction: { Outcome: Outcome.Unknown } transaction }
        && IsVisible(transaction)
        && Finals(sent.Partition, sent.Offset ?? 0).Any(final => final.Isolation == Isolation.ReadCommitted
            && Lacks(final, sent.Value));

    private bool IsBelowCommitted(OffsetFetch fetch)
    {
        List<OffsetCommit> mine =
            [.. history.Commits.Where(commit => commit.Group == fetch.Group && commit.Partition == fetch.Partition)];
        if (mine.Exists(commit => commit.IsReset && commit.AcknowledgedAt == long.MaxValue))
        {
            return false;
        }

        List<OffsetCommit> told = [.. mine.Where(commit => commit.AcknowledgedAt < fetch.AskedAt)];
        OffsetCommit? reset = told.Where(commit => commit.IsReset).MaxBy(commit => commit.At);
        List<OffsetCommit> bound = [.. told.Where(commit => reset is null || commit.At >= reset.At)];
        bool mayBeAnother = mine.Exists(commit => !told.Contains(commit) && commit.Outcome != Outcome.Failed
            && commit.At < fetch.At && commit.Offset == fetch.Offset);
        return bound.Exists(commit => commit.Offset > fetch.Offset) && !mayBeAnother;
    }

    private bool IsForeign(OffsetFetch fetch) => fetch.Offset >= 0 && !history.Commits.Any(commit =>
        commit.Group == fetch.Group && commit.Partition == fetch.Partition && commit.Offset == fetch.Offset
        && commit.Outcome != Outcome.Failed && commit.At < fetch.At)
        && !history.Transactions.Any(transaction => transaction.IsCommitAsked && transaction.CommitAskedAt < fetch.At
            && transaction.Outcome != Outcome.Failed && Moves(transaction, fetch));

    private bool IsAborted(OffsetFetch fetch) =>
        history.Transactions.Any(transaction => Moves(transaction, fetch));

    private static bool Moves(SentTransaction transaction, OffsetFetch fetch) => transaction.Consumed.Any(consumed =>
        consumed.Group == fetch.Group && consumed.Partition == fetch.Partition && consumed.To == fetch.Offset);
}
