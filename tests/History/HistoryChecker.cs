using KRaftSharp.History.Checks;

namespace KRaftSharp.History;

/// <summary>Judges a history of client operations: what is wrong with it, whatever the cluster went through.</summary>
/// <remarks>
/// Legal gaps are no anomalies: offsets of transaction markers, records of aborted transactions for read_committed,
/// what compaction or retention took. Histories without final readings are judged by what readers saw of each other;
/// with them (see <see cref="Reading.IsFinal"/>) also what nobody read can be found missing.
/// </remarks>
public static class HistoryChecker
{
    /// <summary>Every anomaly, in the order of kinds; none for a history that is as promised.</summary>
    public static IReadOnlyList<Anomaly> Check(OperationHistory history)
    {
        var facts = new Facts(history);
        return
        [
            .. ReadChecks.InconsistentOffsets(facts),
            .. WriteChecks.LostWrites(facts),
            .. WriteChecks.Duplicates(facts),
            .. WriteChecks.NonMonotonicSends(facts),
            .. ReadChecks.Phantoms(facts),
            .. ReadChecks.UncommittedReads(facts),
            .. ReadChecks.UndoneReads(facts),
            .. ReadChecks.NonMonotonicPolls(facts),
            .. ReadChecks.PollSkips(facts),
            .. TransactionChecks.TornTransactions(facts),
            .. ConsumptionChecks.Find(facts),
            .. OffsetChecks.LostCommits(facts),
            .. OffsetChecks.ForeignOffsets(facts),
            .. OwnershipChecks.TwoOwners(facts),
        ];
    }
}
