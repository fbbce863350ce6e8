using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Replication;

public sealed class PartitionStateTests
{
    private const long Lag = 1000;
    private readonly ReplicaFacts _facts = new();
    private readonly PartitionState _state;

    public PartitionStateTests() => _state = new PartitionState(1, Lag, _facts);

    [Fact]
    public void HighWatermark_WithoutTheFollowersFetches_Stays()
    {
        Lead(isr: [1, 2, 3]);

        Assert.False(_state.Appended(10, 0));
        Assert.True(_state.Fetched(_facts.Fetch(2, 10), out bool moved));
        Assert.False(moved);
        Assert.Equal(0, _state.HighWatermark);
    }

    [Fact]
    public void Isr_WithAStranger_IsABrokenInvariant() => Assert.Contains(
        "who is in an ISR is a replica",
        Assert.Throws<InvariantViolationException>(() => Lead(isr: [1, 9])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void HighWatermark_IsTheLeastOfTheIsr()
    {
        Lead(isr: [1, 2, 3]);
        _state.Appended(10, 0);

        _state.Fetched(_facts.Fetch(2, 10), out _);
        _state.Fetched(_facts.Fetch(3, 7), out bool moved);

        Assert.True(moved);
        Assert.Equal(7, _state.HighWatermark);
    }

    [Fact]
    public void HighWatermark_OfTheLastInSyncReplica_FollowsItsEnd()
    {
        Lead(isr: [1]);

        Assert.True(_state.Appended(10, Lag + 1));
        Assert.Equal(10, _state.HighWatermark);
    }

    [Fact]
    public void HighWatermark_BelowMinIsr_Stands()
    {
        _state.MinIsr = 2;
        Lead(isr: [1]);

        Assert.False(_state.Appended(10, Lag + 1));
        Assert.True(_state.IsUnderMinIsr);
        Assert.Equal(0, _state.HighWatermark);
    }

    [Fact]
    public void MinIsr_BeyondTheReplicas_MeansAllOfThem()
    {
        _state.MinIsr = 5;
        Lead(isr: [1, 2, 3]);

        Assert.Equal(3, _state.EffectiveMinIsr);
        Assert.False(_state.IsUnderMinIsr);
    }

    [Fact]
    public void HighWatermark_WaitsForAMemberThatWasAskedFor()
    {
        Lead(isr: [1]);
        _state.Appended(10, Lag + 1);
        _state.Fetched(_facts.Fetch(2, 10, Lag + 1), out _);
        Assert.NotNull(_state.ProposeExpansion(2));

        _state.Appended(20, 5 * Lag);

        Assert.Equal([1], _state.Isr);
        Assert.Equal([1, 2], _state.MaximalIsr);
        Assert.Equal(10, _state.HighWatermark);
    }

    [Fact]
    public void HighWatermark_WhileAShrinkIsAskedFor_StillWaitsForTheMember()
    {
        Lead(isr: [1, 2]);
        _state.Appended(10, 0);
        Assert.NotNull(_state.ProposeShrink(2 * Lag));

        Assert.False(_state.AdvanceHighWatermark(2 * Lag));
        Assert.Equal(0, _state.HighWatermark);
    }

    [Fact]
    public void Shrink_Committed_LetsTheHighWatermarkPass()
    {
        Lead(isr: [1, 2]);
        _state.Appended(10, 0);
        IsrProposal proposal = _state.ProposeShrink(2 * Lag)!;

        IsrVerdict verdict = _state.Answered(proposal, Committed(partitionEpoch: 1, 1), 2 * Lag, out bool moved);

        Assert.Equal(IsrVerdict.Applied, verdict);
        Assert.True(moved);
        Assert.Equal(10, _state.HighWatermark);
        Assert.Equal(1, _state.PartitionEpoch);
    }

    [Fact]
    public void Shrink_SparesAMemberThatKeepsUpWithAMovingEnd()
    {
        Lead(isr: [1, 2]);
        for (int i = 1; i <= 20; i++)
        {
            _state.Appended(i * 10, i * 500);
            _state.Fetched(_facts.Fetch(2, (i - 1) * 10, i * 500), out _);
        }

        Assert.Null(_state.ProposeShrink(20 * 500));
    }

    [Fact]
    public void Expansion_BeforeTheHighWatermark_IsNotAsked()
    {
        Lead(isr: [1], highWatermark: 8, end: 10);
        _state.Fetched(_facts.Fetch(2, 7), out _);

        Assert.Null(_state.ProposeExpansion(2));
    }

    [Fact]
    public void Expansion_BeforeTheStartOfTheTerm_IsNotAsked()
    {
        Lead(isr: [1, 3], highWatermark: 5, end: 10);
        _state.Fetched(_facts.Fetch(2, 9), out _);
        Assert.Null(_state.ProposeExpansion(2));

        _state.Fetched(_facts.Fetch(2, 10), out _);
        Assert.NotNull(_state.ProposeExpansion(2));
    }

    [Fact]
    public void Expansion_OfAnEarlierLifeOfTheBroker_IsNotAsked()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);
        _facts.Active[2] = 21;

        Assert.Null(_state.ProposeExpansion(2));
    }

    [Fact]
    public void Expansion_OfAFencedBroker_IsNotAsked()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);
        _facts.Active.Remove(2);

        Assert.Null(_state.ProposeExpansion(2));
    }

    [Fact]
    public void Expansion_OfACaughtUpReplica_IsAskedWhenItsBrokerIsUnfenced()
    {
        Lead(isr: [1, 3]);
        _facts.Active.Remove(2);
        _state.Fetched(new FollowerFetch(2, 20, 0, 0, 0), out _);
        Assert.Null(_state.ProposeExpansionOfAny(nowMs: 1));

        _facts.Active[2] = 20;
        Assert.Equal([1, 3, 2], _state.ProposeExpansionOfAny(nowMs: 1)!.NewIsr.Select(member => member.BrokerId));
    }

    [Fact]
    public void Expansion_NamesTheBrokerEpochs()
    {
        Lead(isr: [1, 3]);
        _state.Fetched(_facts.Fetch(2, 0), out _);

        Assert.Equal([(1, 10L), (3, -1L), (2, 20L)], _state.ProposeExpansion(2)!.NewIsr);
    }

    [Fact]
    public void Proposal_WhileOneIsUnderWay_IsNotMade()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);
        _state.Fetched(_facts.Fetch(3, 0), out _);

        Assert.NotNull(_state.ProposeExpansion(2));
        Assert.Null(_state.ProposeExpansion(3));
        Assert.Null(_state.ProposeShrink(10 * Lag));
    }

    [Fact]
    public void Answer_Ineligible_WithdrawsTheProposal()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);
        IsrProposal proposal = _state.ProposeExpansion(2)!;

        IsrVerdict verdict = _state.Answered(proposal, IsrAnswer.Failed(ErrorCode.IneligibleReplica), 0, out _);

        Assert.Equal(IsrVerdict.Withdrawn, verdict);
        Assert.Equal([1], _state.MaximalIsr);
        Assert.Null(_state.Pending);
    }

    [Fact]
    public void Answer_Stale_KeepsTheMaximalIsrUntilMetadataComes()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);
        IsrProposal proposal = _state.ProposeExpansion(2)!;

        _state.Answered(proposal, IsrAnswer.Failed(ErrorCode.InvalidUpdateVersion), 0, out _);
        Assert.Equal([1, 2], _state.MaximalIsr);

        _state.BecomeLeader(ReplicaFacts.Assignment(1, 0, 1, 1, 3), 0, 0, 0);
        Assert.Equal([1, 3], _state.MaximalIsr);
    }

    [Fact]
    public void Answer_AfterNewerMetadata_IsStale()
    {
        Lead(isr: [1, 2]);
        IsrProposal proposal = _state.ProposeShrink(2 * Lag)!;
        _state.BecomeLeader(ReplicaFacts.Assignment(1, 0, 1, 1, 2), 0, 0, 2 * Lag);

        Assert.Equal(IsrVerdict.Stale, _state.Answered(proposal, Committed(1, 1), 2 * Lag, out _));
        Assert.Equal([1, 2], _state.Isr);
    }

    [Fact]
    public void Answer_OfUnknownOutcome_IsAskedAgain()
    {
        Lead(isr: [1, 2]);
        IsrProposal proposal = _state.ProposeShrink(2 * Lag)!;

        IsrVerdict verdict = _state.Answered(proposal, IsrAnswer.Failed(ErrorCode.UnknownServerError), 0, out _);

        Assert.Equal(IsrVerdict.Retry, verdict);
        Assert.Same(proposal, _state.Pending);
    }

    [Fact]
    public void Metadata_OfAnEarlierEpoch_ChangesNothing()
    {
        _state.BecomeLeader(ReplicaFacts.Assignment(1, 5, 9, 1), 0, 0, 0);

        Assert.False(_state.BecomeFollower(ReplicaFacts.Assignment(2, 4, 8, 2)));
        Assert.Equal(PartitionRole.Leader, _state.Role);
    }

    [Fact]
    public void Leader_InANewTerm_KeepsItsHighWatermarkAndWaitsAnew()
    {
        Lead(isr: [1, 2]);
        _state.Appended(10, 0);
        _state.Fetched(_facts.Fetch(2, 10), out _);

        Assert.True(_state.BecomeLeader(ReplicaFacts.Assignment(1, 1, 1, 1, 2), 10, 0, 0));

        Assert.Equal(10, _state.HighWatermark);
        Assert.Equal(10, _state.EpochStartOffset);
    }

    [Fact]
    public void Leader_AfterHavingFollowed_DoesNotTrustWhatItKnewOfOthers()
    {
        Lead(isr: [1, 2]);
        _state.Appended(10, 0);
        _state.Fetched(_facts.Fetch(2, 10), out _);
        _state.BecomeFollower(ReplicaFacts.Assignment(2, 1, 1, 1, 2));

        _state.BecomeLeader(ReplicaFacts.Assignment(1, 2, 2, 1, 2), 12, 10, 0);

        Assert.Equal(10, _state.HighWatermark);
    }

    [Fact]
    public void Fetch_OfABrokerThatIsNoReplica_IsRefused()
    {
        Lead(isr: [1]);
        _facts.Active[9] = 90;

        Assert.False(_state.Fetched(_facts.Fetch(9, 0), out _));
    }

    [Fact]
    public void Fetch_OfAnEarlierLife_IsRefused()
    {
        Lead(isr: [1]);
        _state.Fetched(_facts.Fetch(2, 0), out _);

        Assert.False(_state.Fetched(new FollowerFetch(2, 19, 5, 0, 0), out _));
    }

    [Fact]
    public void LowWatermark_CountsLivingReplicasOnly()
    {
        Lead(isr: [1, 2, 3]);
        _state.Fetched(_facts.Fetch(2, 0, logStart: 4), out _);
        _state.Fetched(_facts.Fetch(3, 0, logStart: 2), out _);

        Assert.Equal(2, _state.LowWatermark(6));

        _facts.Active.Remove(3);
        Assert.Equal(4, _state.LowWatermark(6));
    }

    private static IsrAnswer Committed(int partitionEpoch, params int[] isr) =>
        new(ErrorCode.None, 1, 0, partitionEpoch, isr);

    private void Lead(int[] isr, long highWatermark = 0, long end = 0) =>
        _state.BecomeLeader(ReplicaFacts.Assignment(1, 0, 0, isr), end, highWatermark, 0);
}
