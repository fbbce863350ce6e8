using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.History;

/// <summary>Histories made by hand, good and bad.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly PartitionId In = new("in", 0);
    private static readonly PartitionId Out = new("out", 0);
    private readonly OperationHistory _history = new();

    [Fact]
    public void WhatIsAsTold_IsNoAnomaly()
    {
        Send("a").Acknowledge(0);
        Send("b").Acknowledge(1);
        Send("c");
        Read("r", 0, "a", "b");
        Final("a", "b", "c");

        AssertNone();
    }

    [Fact]
    public void LostWrite_AcknowledgedAndNotThere_IsFound()
    {
        Send("a").Acknowledge(0);
        Final();

        AssertOnly(AnomalyKind.LostWrite);
    }

    [Fact]
    public void LostWrite_NoFinalReading_IsFoundByWhoWentOverIt()
    {
        Send("a").Acknowledge(0);
        Send("b").Acknowledge(1);
        Read("r", 1, "b");
        AssertNone();

        _history.Read("s", In, Isolation.ReadUncommitted, 0).Take(1, "b");

        AssertOnly(AnomalyKind.LostWrite);
    }

    [Fact]
    public void LostWrite_WithoutAcksAll_IsLegal()
    {
        _history.Send("p", In, "a", Guarantees.Idempotent).Acknowledge(0);
        Final();

        AssertNone();
    }

    [Fact]
    public void LostWrite_RetentionMovedTheStart_IsLegal()
    {
        Send("a").Acknowledge(0);
        Send("b").Acknowledge(1);
        _history.Read("final", In, Isolation.ReadUncommitted, 1, isFinal: true).Take(1, "b");

        AssertNone();
    }

    [Theory]
    [InlineData("k", true)]
    [InlineData("other", false)]
    public void Compaction_TakesOnlyWhatHasALaterRecordOfItsKey(string laterKey, bool isLegal)
    {
        _history.MarkCompacted("in");
        _history.Send("p", In, "a", key: "k").Acknowledge(0);
        Send("b").Acknowledge(1);
        _history.Send("p", In, "c", key: laterKey).Acknowledge(2);
        Read("early", 0, "a", "b", "c");
        Reading late = _history.Read("late", In, Isolation.ReadCommitted, 0);
        late.Take(1, "b");
        late.Take(2, "c");
        Reading final = _history.Read("final", In, Isolation.ReadUncommitted, 0, isFinal: true);
        final.Take(1, "b");
        final.Take(2, "c");

        Assert.Equal(isLegal, HistoryChecker.Check(_history).Count == 0);
    }

    [Fact]
    public void Duplicate_OfAnIdempotentProducer_IsFound()
    {
        Send("a").Acknowledge(0);
        Final("a", "a");

        AssertOnly(AnomalyKind.Duplicate);
    }

    [Fact]
    public void Duplicate_OfAPlainProducer_IsLegal()
    {
        _history.Send("p", In, "a", Guarantees.Durable).Acknowledge(1);
        Final("a", "a");

        AssertNone();
    }

    [Fact]
    public void InconsistentOffsets_AreFound()
    {
        Send("a");
        Send("b");
        Read("r", 0, "a");
        Read("s", 0, "b");

        AssertOnly(AnomalyKind.InconsistentOffsets);
    }

    [Fact]
    public void PollSkip_IsFound()
    {
        Send("a");
        Send("b");
        Send("c");
        Read("r", 0, "a", "b", "c");
        Reading skipping = _history.Read("s", In, Isolation.ReadCommitted, 0);
        skipping.Take(0, "a");
        skipping.Take(2, "c");

        AssertOnly(AnomalyKind.PollSkip);
    }

    [Fact]
    public void PollSkip_ByThePositionAlone_IsFound()
    {
        Send("a");
        Final("a");
        _history.Read("s", In, Isolation.ReadUncommitted, 0).Pass(1);

        AssertOnly(AnomalyKind.PollSkip);
    }

    [Fact]
    public void MarkersAndAbortedRecords_AreLegalGaps()
    {
        SentTransaction aborted = _history.Begin("t", "1");
        _history.Send("t", In, "x", transaction: aborted).Acknowledge(0);
        aborted.Abort();
        Send("a").Acknowledge(2);
        Reading committed = _history.Read("r", In, Isolation.ReadCommitted, 0);
        committed.Take(2, "a");
        committed.Pass(4);
        Reading everything = _history.Read("final", In, Isolation.ReadUncommitted, 0, isFinal: true);
        everything.Take(0, "x");
        everything.Take(2, "a");

        AssertNone();
    }

    [Fact]
    public void NonMonotonicPoll_IsFound()
    {
        Send("a");
        Reading reading = Read("r", 0, "a");
        reading.Take(0, "a");

        AssertOnly(AnomalyKind.NonMonotonicPoll);
    }

    [Fact]
    public void NonMonotonicSend_IsFound()
    {
        Send("a");
        Send("b");
        Final("b", "a");

        AssertOnly(AnomalyKind.NonMonotonicSend);
    }

    [Fact]
    public void DirtyRead_OfWhatIsGone_IsFound()
    {
        Send("a");
        Read("r", 0, "a");
        Final();

        AssertOnly(AnomalyKind.DirtyRead);
    }

    [Fact]
    public void DirtyRead_BeforeTheCommit_IsFound()
    {
        SentTransaction transaction = _history.Begin("t", "1");
        _history.Send("t", In, "x", transaction: transaction).Acknowledge(0);
        Read("r", 0, "x");
        transaction.AskCommit();
        transaction.Commit();

        AssertOnly(AnomalyKind.DirtyRead);
    }

    [Fact]
    public void AbortedRead_IsFound()
    {
        SentTransaction transaction = _history.Begin("t", "1");
        _history.Send("t", In, "x", transaction: transaction).Acknowledge(0);
        transaction.Abort();
        _history.Read("uncommitted", In, Isolation.ReadUncommitted, 0).Take(0, "x");
        AssertNone();

        Read("r", 0, "x");

        AssertOnly(AnomalyKind.AbortedRead);
    }

    [Fact]
    public void BrokenAtomicity_HalfATransaction_IsFound()
    {
        SentTransaction transaction = _history.Begin("t", "1");
        _history.Send("t", In, "x", transaction: transaction).Acknowledge(0);
        _history.Send("t", Out, "y", transaction: transaction).Acknowledge(0);
        transaction.AskCommit();
        _history.Read("final", In, Isolation.ReadCommitted, 0, isFinal: true).Take(0, "x");
        _history.Read("final", Out, Isolation.ReadCommitted, 0, isFinal: true);

        AssertOnly(AnomalyKind.BrokenAtomicity);
    }

    [Theory]
    [InlineData(5, true, false)]
    [InlineData(0, false, false)]
    [InlineData(0, true, true)]
    [InlineData(5, false, true)]
    public void BrokenAtomicity_OffsetsWithoutOutputsOrTheOtherWay_IsFound(
        long offset, bool isOutputThere, bool isBroken)
    {
        SentTransaction transaction = Process("1", 0, 5);
        transaction.AskCommit();
        OffsetCommit start = _history.Commit("h", In, 0);
        start.Acknowledge();
        Reading final = _history.Read("final", Out, Isolation.ReadCommitted, 0, isFinal: true);
        if (isOutputThere)
        {
            final.Take(0, "1");
        }

        _history.Fetched("g", In, offset == 0 ? -1 : offset, _history.Now, isFinal: true);

        Assert.Equal(isBroken ? [AnomalyKind.BrokenAtomicity] : [], Kinds());
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(4, true)]
    [InlineData(6, true)]
    public void BrokenAtomicity_InputWorkedOnTwiceOrNotAtAll_IsFound(long from, bool isBroken)
    {
        Process("1", 0, 5).Commit();
        Process("2", from, 9).Commit();
        _history.Fetched("g", In, 9, _history.Now, isFinal: true);

        Assert.Equal(isBroken ? [AnomalyKind.BrokenAtomicity] : [], Kinds());
    }

    [Fact]
    public void Phantom_IsFound()
    {
        Read("r", 0, "nobody's");

        AssertOnly(AnomalyKind.Phantom);
    }

    [Fact]
    public void LostCommit_IsFound()
    {
        _history.Commit("g", In, 5).Acknowledge();
        _history.Fetched("g", In, 5, _history.Now);
        AssertNone();

        _history.Fetched("g", In, -1, _history.Now);

        AssertOnly(AnomalyKind.LostCommit);
    }

    [Fact]
    public void LostCommit_ACommitWithoutAnswer_MayBeCarriedOutLate()
    {
        _history.Commit("g", In, 3);
        _history.Commit("g", In, 5).Acknowledge();
        _history.Fetched("g", In, 3, _history.Now);

        AssertNone();
    }

    [Fact]
    public void LostCommit_AReset_MayGoBack()
    {
        _history.Commit("g", In, 5).Acknowledge();
        _history.Commit("g", In, 2, isReset: true).Acknowledge();
        _history.Fetched("g", In, 2, _history.Now);
        AssertNone();

        _history.Fetched("g", In, -1, _history.Now);

        AssertOnly(AnomalyKind.LostCommit);
    }

    [Fact]
    public void AbortedRead_OfAnOffset_IsFound()
    {
        SentTransaction transaction = Process("1", 0, 5);
        transaction.Abort();
        _history.Fetched("g", In, 5, _history.Now);

        AssertOnly(AnomalyKind.AbortedRead);
    }

    [Fact]
    public void TwoOwners_InOneGeneration_AreFound()
    {
        _history.Assigned("g", 1, "a", [In]);
        _history.Assigned("g", 2, "b", [In]);
        _history.Assigned("g", 2, "b", [In, Out]);
        AssertNone();

        _history.Assigned("g", 2, "a", [In]);

        AssertOnly(AnomalyKind.TwoOwners);
    }

    private Sent Send(string value) => _history.Send("p", In, value);

    private SentTransaction Process(string id, long from, long to)
    {
        SentTransaction transaction = _history.Begin($"t{id}", id);
        _history.Send($"t{id}", Out, id, transaction: transaction).Acknowledge(null);
        transaction.Consume(new Consumed("g", In, from, to));
        return transaction;
    }

    private Reading Read(string reader, long from, params string[] values)
    {
        Reading reading = _history.Read(reader, In, Isolation.ReadCommitted, from);
        foreach (string value in values)
        {
            reading.Take(from++, value);
        }

        return reading;
    }

    private void Final(params string[] values)
    {
        Reading reading = _history.Read("final", In, Isolation.ReadUncommitted, 0, isFinal: true);
        foreach ((int offset, string value) in values.Index())
        {
            reading.Take(offset, value);
        }
    }

    private AnomalyKind[] Kinds() => [.. HistoryChecker.Check(_history).Select(anomaly => anomaly.Kind).Distinct()];

    private void AssertNone() => Assert.Empty(HistoryChecker.Check(_history));

    private void AssertOnly(AnomalyKind kind) => Assert.Equal([kind], Kinds());
}
