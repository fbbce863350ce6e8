using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Sharing;

/// <summary>What becomes of records that members of a share group are given.</summary>
public sealed class SharePartitionStateTests
{
    private static readonly ShareLimits Limits = new(
        MaxDeliveryCount: 5, MaxRecordLocks: 100, LockMs: 1_000, RenewsLocks: false, HasDeadLetters: false);

    private readonly SharePartitionState _state = new(new InFlightRecords(0));

    [Fact]
    public void Acquire_RecordsOfAnother_GivesNone()
    {
        Assert.Equal([new AcquiredRange(0, 9, 1)], Acquire("a"));

        Assert.Empty(Acquire("b"));
    }

    [Fact]
    public void Acquire_FewerThanABatchHolds_GivesAllOfIt()
    {
        Assert.Equal([new AcquiredRange(0, 9, 1)], Acquire("a", maxRecords: 4));
    }

    [Fact]
    public void Acquire_StrictlyFew_GivesNoMore()
    {
        Assert.Equal([new AcquiredRange(0, 3, 1)], Acquire("a", maxRecords: 4, isStrict: true));
        Assert.Equal([new AcquiredRange(4, 7, 1)], Acquire("b", maxRecords: 4, isStrict: true));
    }

    [Fact]
    public void Acknowledge_Unwritten_IsNobodysUntilItIsWritten()
    {
        Acquire("a");
        Transition transition = new();

        Assert.Null(Say("a", AcknowledgeType.Release, 0, 9, transition));
        Assert.Empty(Acquire("b"));

        _state.Commit(transition);
        Assert.Equal([new AcquiredRange(0, 9, 2)], Acquire("b"));
    }

    [Fact]
    public void Acknowledge_WriteFailed_LeavesTheHolder()
    {
        Acquire("a");
        Transition transition = new();
        Say("a", AcknowledgeType.Accept, 0, 9, transition);

        _state.RollBack(transition, Limits, nowMs: 0);

        Assert.Equal(0, _state.StartOffset);
        Assert.Null(Say("a", AcknowledgeType.Accept, 0, 9, new Transition()));
    }

    [Fact]
    public void Acknowledge_Accepted_MovesTheStart()
    {
        Acquire("a");

        Settle("a", AcknowledgeType.Accept, 0, 4);
        Assert.Equal(5, _state.StartOffset);

        Settle("a", AcknowledgeType.Accept, 7, 9);
        Assert.Equal(5, _state.StartOffset);

        Settle("a", AcknowledgeType.Reject, 5, 6);
        Assert.Equal(10, _state.StartOffset);
    }

    [Theory]
    [InlineData("b", 0, 9, ErrorCode.InvalidRecordState)]
    [InlineData("a", 0, 12, ErrorCode.InvalidRequest)]
    [InlineData("a", 20, 21, ErrorCode.InvalidRequest)]
    public void Acknowledge_NotHeld_IsRefused(string member, long first, long last, ErrorCode expected)
    {
        Acquire("a");

        ShareError? error = Say(member, AcknowledgeType.Accept, first, last, new Transition());

        Assert.Equal(expected, error?.Error);
    }

    [Fact]
    public void Acknowledge_OnePartRefused_ChangesNothing()
    {
        Acquire("a");
        Transition transition = new();

        ShareError? error = _state.Acknowledge(
            "a",
            [
                new Acknowledgement(0, 4, [(sbyte)AcknowledgeType.Accept]),
                new Acknowledgement(2, 3, [(sbyte)AcknowledgeType.Accept]),
            ],
            Limits, nowMs: 0, transition);

        Assert.Equal(ErrorCode.InvalidRecordState, error?.Error);
        Assert.True(transition.IsEmpty);
        Assert.Null(Say("a", AcknowledgeType.Accept, 0, 9, new Transition()));
    }

    [Fact]
    public void Expire_LockRunOut_GivesToOthers()
    {
        Acquire("a");

        Assert.Empty(_state.Expire(Limits, nowMs: 999));
        Assert.Equal([new StateBatch(0, 9, RecordState.Available, 1)], _state.Expire(Limits, nowMs: 1_000));

        Assert.Equal([new AcquiredRange(0, 9, 2)], Acquire("b"));
        Assert.Equal(
            ErrorCode.InvalidRecordState, Say("a", AcknowledgeType.Accept, 0, 9, new Transition())?.Error);
    }

    [Fact]
    public void Renew_Enabled_HoldsLonger()
    {
        Acquire("a");
        Assert.NotNull(Say("a", AcknowledgeType.Renew, 0, 9, new Transition()));

        ShareLimits renewing = Limits with { RenewsLocks = true };
        Assert.Null(_state.Acknowledge(
            "a", [new Acknowledgement(0, 9, [(sbyte)AcknowledgeType.Renew])], renewing, nowMs: 600, new Transition()));

        Assert.Empty(_state.Expire(Limits, nowMs: 1_000));
        Assert.Equal(1_600, _state.NextLockEndMs());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Release_OfTheLastDelivery_GivesUp(bool hasDeadLetters)
    {
        RecordState expected = hasDeadLetters ? RecordState.Archiving : RecordState.Archived;
        ShareLimits limits = Limits with { MaxDeliveryCount = 2, HasDeadLetters = hasDeadLetters };
        for (int i = 0; i < 2; i++)
        {
            Assert.NotEmpty(Acquire("a", limits: limits));
            Transition released = _state.Release("a", limits);
            Assert.Equal(i == 0 ? RecordState.Available : expected, released.Batches[0].State);
            _state.Commit(released);
        }

        Assert.Empty(Acquire("b", limits: limits));
        Assert.Equal(hasDeadLetters ? 0 : 10, _state.StartOffset);
    }

    [Fact]
    public void WithoutAborted_LeavesThemOut()
    {
        IReadOnlyList<AcquiredRange> kept = _state.WithoutAborted(Acquire("a"), [new LogBatch(3, 5)]);

        Assert.Equal([new AcquiredRange(0, 2, 1), new AcquiredRange(6, 9, 1)], kept);
        Settle("a", AcknowledgeType.Accept, 0, 2);
        Assert.Equal(6, _state.StartOffset);
    }

    private IReadOnlyList<AcquiredRange> Acquire(
        string member, int maxRecords = 500, bool isStrict = false, ShareLimits? limits = null) =>
        _state.Acquire(
            limits ?? Limits,
            new AcquireRequest(member, 500, maxRecords, isStrict, _state.NextOffset, [new LogBatch(0, 9)]),
            nowMs: 0);

    private ShareError? Say(string member, AcknowledgeType type, long first, long last, Transition transition) =>
        _state.Acknowledge(member, [new Acknowledgement(first, last, [(sbyte)type])], Limits, 0, transition);

    private void Settle(string member, AcknowledgeType type, long first, long last)
    {
        Transition transition = new();
        Assert.Null(Say(member, type, first, last, transition));
        _state.Commit(transition);
    }
}
