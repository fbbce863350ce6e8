namespace KRaftSharp.History.Checks;

/// <summary>All of a transaction's records or none.</summary>
internal static class TransactionChecks
{
    /// <summary>Of a transaction whose end nobody was told, some records are seen and acknowledged ones are not.
    /// </summary>
    public static IEnumerable<Anomaly> TornTransactions(Facts facts) =>
        from sent in facts.History.Sent
        where sent is { Outcome: Outcome.Succeeded, Transaction: { Outcome: Outcome.Unknown } transaction }
            && facts.Visible.Contains(transaction)
        let partition = facts.Of(sent.Partition)
        where !partition.MayBeCompacted(sent.Value, sent.Offset)
            && partition.FinalsFrom(sent.Offset ?? 0).Any(final => final.Isolation == Isolation.ReadCommitted
                && !partition.Holds(final, sent.Value))
        select new Anomaly(
            AnomalyKind.BrokenAtomicity, $"some of {sent.Transaction} is seen, but not {sent.Value} in {partition.Id}");
}
