namespace KRaftSharp.History.Checks;

/// <summary>What groups were told of their committed offsets.</summary>
internal static class OffsetChecks
{
    /// <summary>
    /// An answer below what was acknowledged before it was asked for. A commit without an answer may be carried out
    /// at any later time, so its offset is always possible.
    /// </summary>
    public static IEnumerable<Anomaly> LostCommits(Facts facts)
    {
        foreach (OffsetFetch fetch in facts.History.Fetches)
        {
            Attempt[] attempts = [.. AttemptsFor(facts, fetch)];
            if (Array.Exists(attempts, attempt => attempt is { IsReset: true, IsAcknowledged: false }))
            {
                continue;
            }

            Attempt[] bound = [.. attempts.Where(attempt => attempt.AcknowledgedAt < fetch.AskedAt)];
            long resetAt = bound.Where(attempt => attempt.IsReset).Select(attempt => attempt.At)
                .DefaultIfEmpty(-1).Max();
            long floor = bound.Where(attempt => attempt.At >= resetAt).Select(attempt => attempt.Offset)
                .DefaultIfEmpty(-1).Max();
            bool isOpen = Array.Exists(attempts, attempt => attempt.Offset == fetch.Offset
                && attempt.AcknowledgedAt >= fetch.AskedAt && attempt.At < fetch.At && attempt.IsPossible);
            if (fetch.Offset < floor && !isOpen)
            {
                yield return new Anomaly(
                    AnomalyKind.LostCommit,
                    $"{fetch.Group} was told {fetch.Offset} for {fetch.Partition}, {floor} had been acknowledged");
            }
        }
    }

    /// <summary>An answer that nobody has committed.</summary>
    public static IEnumerable<Anomaly> ForeignOffsets(Facts facts)
    {
        foreach (OffsetFetch fetch in facts.History.Fetches.Where(fetch => fetch.Offset >= 0))
        {
            Attempt[] same = [.. AttemptsFor(facts, fetch).Where(attempt => attempt.Offset == fetch.Offset)];
            if (!Array.Exists(same, attempt => attempt.IsPossible && attempt.At < fetch.At))
            {
                bool isAborted = Array.Exists(same, attempt => attempt.IsTransactional);
                yield return new Anomaly(
                    isAborted ? AnomalyKind.AbortedRead : AnomalyKind.Phantom,
                    $"{fetch.Group} was told {fetch.Offset} for {fetch.Partition}, which "
                    + (isAborted ? "only a transaction that was not committed has asked for" : "nobody has committed"));
            }
        }
    }

    private static IEnumerable<Attempt> AttemptsFor(Facts facts, OffsetFetch fetch)
    {
        foreach (OffsetCommit commit in facts.History.Commits)
        {
            if (commit.Group == fetch.Group && commit.Partition == fetch.Partition)
            {
                yield return new Attempt(
                    commit.Offset, commit.At, commit.AcknowledgedAt, commit.Outcome != Outcome.Failed, commit.IsReset,
                    IsTransactional: false);
            }
        }

        foreach (SentTransaction transaction in facts.History.Transactions)
        {
            foreach (Consumed consumed in transaction.Consumed)
            {
                if (consumed.Group == fetch.Group && consumed.Partition == fetch.Partition)
                {
                    yield return new Attempt(
                        consumed.To, transaction.CommitAskedAt, transaction.CommittedAt,
                        transaction.IsCommitAsked && transaction.Outcome != Outcome.Failed, IsReset: false,
                        IsTransactional: true);
                }
            }
        }
    }

    private sealed record Attempt(
        long Offset, long At, long AcknowledgedAt, bool IsPossible, bool IsReset, bool IsTransactional)
    {
        public bool IsAcknowledged => AcknowledgedAt < long.MaxValue;
    }
}
