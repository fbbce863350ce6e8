using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>
/// The two schedules on which the engine that was tried first lost acknowledged records (docs/decisions/0001). Each
/// runs step by step, the same in every run; the seed only decides how long messages and disks take.
/// </summary>
public sealed class EngineTrialTests
{
    private const int Patience = 20_000;

    /// <summary>
    /// Schedule 1: one node is down; an append is acknowledged by the leader and the other follower; both lose power;
    /// that follower and the third node come back. A follower that had answered before its flush has forgotten it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Schedule1_LeaderAndFollowerLosePowerAfterTheAck_TheRecordIsThere(int seed) =>
        RunSchedule1(seed, PlantedFault.None);

    /// <summary>The same with a follower that answers before its flush: it must be seen.</summary>
    [Fact]
    public void Schedule1_AcknowledgedBeforeTheFlush_IsCaught() =>
        Assert.Throws<RaftViolationException>(() => RunSchedule1(1, PlantedFault.AckBeforeFlush));

    /// <summary>Schedule 2: of five voters only two hold a record. It is not acknowledged, and may be lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Schedule2_TwoOfFiveHoldTheRecord_IsNotAcknowledged(int seed)
    {
        RaftNet net = Started(5, seed, PlantedFault.None);
        ModelNode leader = net.Leader!;
        ModelNode[] others = [.. net.Nodes.Where(node => node != leader)];
        foreach (ModelNode gone in others[1..])
        {
            net.Crash(gone, losesAll: true);
        }

        int committed = net.Oracle.CommittedCount;
        Assert.True(net.Append());
        long end = leader.Log.EndOffset;
        RunUntil(net, () => others[0].Log.EndOffset >= end && others[0].Log.DurableEnd >= end);
        net.RunUntil(net.NowMs + 500);
        Assert.Equal(committed, net.Oracle.CommittedCount);

        net.Crash(leader, losesAll: true);
        net.Crash(others[0], losesAll: true);
        foreach (ModelNode back in others[1..])
        {
            net.Start(back);
        }

        RunUntil(net, () => net.Leader is not null && net.Append() && net.Oracle.CommittedCount > committed);
    }

    /// <summary>Schedule 2 with a majority: three of five hold it, two of the three lose power, the third is back
    /// among nodes without it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Schedule2_ThreeOfFiveHoldTheRecord_OneOfThemIsEnoughAfterwards(int seed)
    {
        RaftNet net = Started(5, seed, PlantedFault.None);
        ModelNode leader = net.Leader!;
        ModelNode[] others = [.. net.Nodes.Where(node => node != leader)];
        net.Crash(others[2], losesAll: true);
        net.Crash(others[3], losesAll: true);
        ModelEntry record = AppendAndCommit(net, leader);
        net.Crash(leader, losesAll: true);
        net.Crash(others[1], losesAll: true);
        net.Start(others[2]);
        net.Start(others[3]);
        RunUntil(net, () => net.Leader is { } next && next != leader && net.Append() && next.HighWatermark > 0
            && next.Log.Entries.Contains(record) && next.HighWatermark > next.Log.Entries.IndexOf(record));
    }

    private static void RunSchedule1(int seed, PlantedFault planted)
    {
        RaftNet net = Started(3, seed, planted);
        ModelNode leader = net.Leader!;
        ModelNode[] followers = [.. net.Nodes.Where(node => node != leader)];
        net.Crash(followers[1], losesAll: true);
        ModelEntry record = AppendAndCommit(net, leader);

        net.Crash(leader, losesAll: true);
        net.Crash(followers[0], losesAll: true);
        net.Start(followers[0]);
        net.Start(followers[1]);
        RunUntil(net, () => net.Leader is { } next && next != leader);
        Assert.Contains(record, net.Leader!.Log.Entries);

        net.Start(leader);
        int before = net.Oracle.CommittedCount;
        RunUntil(net, () => net.Append() && net.Oracle.CommittedCount > before
            && net.Nodes.All(node => node.HighWatermark > before && node.Log.Entries.Contains(record)));
    }

    private static RaftNet Started(int nodes, int seed, PlantedFault planted)
    {
        RaftNet net = new(new RaftPlan(nodes, seed, LossPercent: 0, []), planted);
        foreach (ModelNode node in net.Nodes)
        {
            net.Start(node);
        }

        RunUntil(net, () => net.Leader is not null && net.Nodes.All(node =>
            node.Replica!.Leader == net.Leader.Replica!.Leader && node.HighWatermark == net.Leader.Log.EndOffset));
        return net;
    }

    /// <summary>The power goes at the very moment of the acknowledgement: not a millisecond later.</summary>
    private static ModelEntry AppendAndCommit(RaftNet net, ModelNode leader)
    {
        Assert.True(net.Append());
        long end = leader.Log.EndOffset;
        RunUntil(net, () => leader.HighWatermark >= end);
        Assert.Equal(RaftRole.Leader, leader.Replica!.Role);
        return leader.Log.Entries[(int)end - 1];
    }

    private static void RunUntil(RaftNet net, Func<bool> condition)
    {
        long deadline = net.NowMs + Patience;
        while (!condition())
        {
            Assert.True(net.NowMs < deadline, $"not within {Patience} ms");
            net.RunUntil(net.NowMs + 1);
        }
    }
}
