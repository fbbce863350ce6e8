namespace KRaftSharp.History.Checks;

/// <summary>
/// Consume, transform, produce: a group's offset and the outputs of the transactions that moved it count together, so
/// that each input is worked on once. Left out are groups that were reset.
/// </summary>
internal static class ConsumptionChecks
{
    public static IEnumerable<Anomaly> Find(Facts facts)
    {
        var consumed = from transaction in facts.History.Transactions
                       from range in transaction.Consumed
                       select new Step(transaction, range, IsEffective(facts, transaction));
        foreach (var input in consumed.GroupBy(step => (step.Range.Group, step.Range.Partition)))
        {
            (string group, PartitionId partition) = input.Key;
            OffsetCommit[] others =
                [.. facts.History.Commits.Where(commit => commit.Group == group && commit.Partition == partition)];
            if (Array.Exists(others, commit => commit.IsReset))
            {
                continue;
            }

            Step[] effective = [.. input.Where(step => step.IsEffective).OrderBy(step => step.Range.From)];
            foreach (Anomaly anomaly in Overlaps(effective)
                .Concat(others.Length == 0 ? Gaps(facts, effective, [.. input]) : [])
                .Concat(AgainstFinal(facts, group, partition, effective, [.. input])))
            {
                yield return anomaly;
            }
        }
    }

    private static bool IsEffective(Facts facts, SentTransaction transaction) =>
        transaction.Outcome == Outcome.Succeeded
        || (transaction.Outcome == Outcome.Unknown && facts.Visible.Contains(transaction));

    private static IEnumerable<Anomaly> Overlaps(Step[] effective)
    {
        for (int i = 1; i < effective.Length; i++)
        {
            Step reaching = effective[..i].MaxBy(step => step.Range.To)!;
            if (reaching.Range.To > effective[i].Range.From)
            {
                yield return Broken($"{reaching} and {effective[i]} have worked on the same input");
            }
        }
    }

    private static IEnumerable<Anomaly> Gaps(Facts facts, Step[] effective, Step[] all)
    {
        for (int i = 1; i < effective.Length; i++)
        {
            long from = effective[..i].Max(step => step.Range.To);
            long to = effective[i].Range.From;
            bool mayBeSilent = Array.Exists(all, step => !step.IsEffective
                && step.Transaction.Outcome == Outcome.Unknown && step.Range.From < to && step.Range.To > from
                && !HasMissingOutput(facts, step));
            if (from < to && !mayBeSilent)
            {
                yield return Broken($"before {effective[i]} nobody has worked on the input from {from} on");
            }
        }
    }

    private static IEnumerable<Anomaly> AgainstFinal(
        Facts facts, string group, PartitionId partition, Step[] effective, Step[] all)
    {
        foreach (OffsetFetch final in facts.History.Fetches.Where(fetch => fetch.IsFinal && fetch.Group == group
            && fetch.Partition == partition))
        {
            foreach (Step step in effective.Where(step => step.Range.To > final.Offset))
            {
                yield return Broken($"the outputs of {step} are there, its group's offset is {final.Offset}");
            }

            if (!Array.Exists(effective, step => step.Range.To == final.Offset)
                && Array.Find(all, step => step.Range.To == final.Offset && HasMissingOutput(facts, step)) is { } moved
                && !facts.History.Commits.Any(commit => commit.Group == group && commit.Partition == partition))
            {
                yield return Broken($"the offset of {moved} is there, its outputs are not");
            }
        }
    }

    private static bool HasMissingOutput(Facts facts, Step step) => !step.IsEffective && facts.History.Sent.Any(sent =>
        sent.Transaction == step.Transaction && sent.Outcome == Outcome.Succeeded
        && facts.Of(sent.Partition).FinalsFrom(sent.Offset ?? 0).Any(final =>
            final.Isolation == Isolation.ReadCommitted));

    private static Anomaly Broken(string what) => new(AnomalyKind.BrokenAtomicity, what);

    private sealed record Step(SentTransaction Transaction, Consumed Range, bool IsEffective)
    {
        public override string ToString() =>
            $"{Transaction} (input {Range.Partition} from {Range.From} to {Range.To} for {Range.Group})";
    }
}
