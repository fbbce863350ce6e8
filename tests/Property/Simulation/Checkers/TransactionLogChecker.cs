using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>
/// The transaction lines of INVARIANTS.md that the coordinators' committed records and the markers tell.
/// </summary>
internal sealed class TransactionLogChecker(Violations violations)
{
    private const sbyte Ongoing = 1;
    private const sbyte PrepareCommit = 2;
    private const sbyte PrepareAbort = 3;
    private const sbyte CompleteCommit = 4;
    private const sbyte CompleteAbort = 5;
    private const short EpochBumpVersion = 2;
    private readonly SortedDictionary<string, TransactionLogValue> _last = new(StringComparer.Ordinal);
    private readonly HashSet<(long ProducerId, short Epoch, bool IsCommit)> _decided = [];

    /// <summary>What is not at its end; empty when every transaction is.</summary>
    public string Open => string.Join(", ", _last
        .Where(entry => entry.Value.TransactionStatus is Ongoing or PrepareCommit or PrepareAbort)
        .Select(entry => $"{entry.Key} in state {entry.Value.TransactionStatus}"));

    public static bool IsDecision(TransactionLogValue value) =>
        value.TransactionStatus is PrepareCommit or PrepareAbort;

    public static bool IsOngoing(TransactionLogValue value) => value.TransactionStatus == Ongoing;

    public static bool IsEnd(TransactionLogValue value) =>
        value.TransactionStatus is CompleteCommit or CompleteAbort;

    /// <summary>A committed record, in the order of the log.</summary>
    public void Take(string id, TransactionLogValue? now)
    {
        TransactionLogValue? before = _last.GetValueOrDefault(id);
        if (now is null)
        {
            _last.Remove(id);
            return;
        }

        _last[id] = now;
        if (IsDecision(now))
        {
            _decided.Add((now.ProducerId, now.ProducerEpoch, now.TransactionStatus == PrepareCommit));
        }

        if (before is null)
        {
            return;
        }

        violations.Require(
            now.ProducerId != before.ProducerId || now.ProducerEpoch >= before.ProducerEpoch,
            "a producer's epoch never goes back",
            () => $"{id}: {Text(before)}, then {Text(now)}");
        violations.Require(
            !IsDecision(before) || now.TransactionStatus == before.TransactionStatus + 2,
            "a decision to commit or to abort is final",
            () => $"{id}: {Text(before)}, then {Text(now)}");
        bool ownsEpoch = now.ProducerId != before.ProducerId || now.ProducerEpoch > before.ProducerEpoch;
        violations.Require(
            !IsDecision(now) || now.ClientTransactionVersion < EpochBumpVersion || ownsEpoch,
            "the end of a transaction (its timeout too) takes its epoch away (KIP-890)",
            () => $"{id}: {Text(before)}, then {Text(now)}");
    }

    /// <summary>A marker that a leader has written.</summary>
    public void CheckMarker(string partition, long producerId, short epoch, bool isCommit) => violations.Require(
        _decided.Contains((producerId, epoch, isCommit)),
        "a marker is written once its decision is committed, not before",
        () => $"{partition}: producer {producerId}, epoch {epoch}, {(isCommit ? "commit" : "abort")}");

    private static string Text(TransactionLogValue value) => $"state {value.TransactionStatus} of producer "
        + $"{value.ProducerId} epoch {value.ProducerEpoch}, version {value.ClientTransactionVersion}";
}
