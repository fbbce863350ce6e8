using KRaftSharp.Tests.Property.Simulation.Checkers;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

/// <summary>Each invariant checker must fail when its invariant is broken.</summary>
public sealed class CheckerTests
{
    private static readonly BrokerState Up1 = new(1, 5, IsFenced: false, IsShuttingDown: false);
    private static readonly BrokerState Up2 = new(2, 6, IsFenced: false, IsShuttingDown: false);
    private static readonly PartitionState Partition = new("t-0", 1, 3, 7, IsRecovering: false, [1, 2], [1, 2]);
    private readonly Violations _violations = new();

    public static TheoryData<string, int[][]> BrokenQuorums => new()
    {
        // node, life, epoch, leader, log start, high watermark, log end
        { "epoch never decreases", [[1, 0, 5, -1, 0, 0, 0], [1, 1, 4, -1, 0, 0, 0]] },
        { "at most one leader in an epoch", [[1, 0, 5, 1, 0, 0, 0], [2, 0, 5, 2, 0, 0, 0]] },
        { "at most one leader in an epoch", [[1, 0, 5, 2, 0, 0, 0], [1, 0, 5, 3, 0, 0, 0]] },
        { "high watermark never decreases", [[1, 0, 5, -1, 0, 9, 9], [1, 0, 5, -1, 0, 8, 9]] },
        { "log start <= high watermark <= log end", [[1, 0, 5, -1, 0, 10, 9]] },
        { "a majority of voters holds everything below", [[2, 0, 5, 1, 0, 0, 8], [1, 0, 5, 1, 0, 9, 9]] },
    };

    [Theory]
    [MemberData(nameof(BrokenQuorums))]
    public void QuorumChecker_FindsWhatIsBroken(string property, int[][] views)
    {
        var checker = new QuorumChecker(3, _violations);
        foreach (int[] v in views)
        {
            checker.Check(new RaftView(v[0], v[1], v[2], v[3], v[4], v[5], v[6]));
        }

        AssertFound(property);
    }

    [Fact]
    public void QuorumChecker_LetsAHealthyQuorumPass()
    {
        var checker = new QuorumChecker(3, _violations);
        checker.Check(new RaftView(2, 0, 5, 1, 0, 0, 9));
        checker.Check(new RaftView(1, 0, 5, 1, 0, 9, 9));
        checker.Check(new RaftView(1, 1, 5, -1, 0, 0, 9));
        checker.Check(new RaftView(2, 0, 6, 2, 0, 9, 10));

        Assert.Empty(_violations.Found);
    }

    [Fact]
    public void CommittedLogChecker_RewrittenBatch_IsFound()
    {
        var checker = new CommittedLogChecker("logs agree", _violations);
        checker.Check("t-0", 1, [new CommittedBatch(0, 4, 1, 11), new CommittedBatch(5, 5, 1, 12)]);
        checker.Check("t-0", 2, [new CommittedBatch(0, 4, 1, 11), new CommittedBatch(5, 5, 2, 13)]);

        AssertFound("logs agree");
    }

    [Fact]
    public void CommittedLogChecker_OverlappingBatch_IsFound()
    {
        var checker = new CommittedLogChecker("logs agree", _violations);
        checker.Check("t-0", 1, [new CommittedBatch(0, 4, 1, 11)]);
        checker.Check("t-0", 2, [new CommittedBatch(3, 6, 1, 12)]);

        AssertFound("logs agree");
    }

    [Fact]
    public void MetadataChecker_DifferentImages_AreFound()
    {
        var checker = new MetadataChecker(_violations);
        checker.Check(Image(1, 10, 77, Partition));
        checker.Check(Image(2, 10, 78, Partition));

        AssertFound("replaying the same log gives the same image");
    }

    public static TheoryData<string, int> BrokenPartitions => new()
    {
        { "the ISR is a subset of the replicas", 0 },
        { "the leader is in the ISR", 1 },
        { "no fenced broker is in an ISR", 2 },
        { "leader and partition epochs only grow", 3 },
        { "a new leader has a new epoch", 4 },
        { "a leader is elected from the ISR", 5 },
    };

    [Theory]
    [MemberData(nameof(BrokenPartitions))]
    public void MetadataChecker_FindsWhatIsBroken(string property, int which)
    {
        PartitionState before = Partition with { Isr = [1] };
        PartitionState now = which switch
        {
            0 => Partition with { PartitionEpoch = 9, Isr = [1, 3] },
            1 => Partition with { PartitionEpoch = 9, Isr = [2] },
            2 => Partition with { PartitionEpoch = 9, Replicas = [1, 4], Isr = [1, 4] },
            3 => Partition with { LeaderEpoch = 2 },
            4 => Partition with { PartitionEpoch = 9, Leader = 2 },
            _ => Partition with { PartitionEpoch = 8, LeaderEpoch = 4, Leader = 2, Isr = [2] },
        };
        var checker = new MetadataChecker(_violations);
        checker.Check(Image(1, 10, 1, before));
        Assert.Empty(_violations.Found);

        checker.Check(Image(1, 11, 2, now));

        AssertFound(property);
    }

    public static TheoryData<string, int[][]> BrokenReplicas => new()
    {
        // node, life, is leader, epoch, log start, high watermark, log end
        { "log start <= high watermark <= log end", [[1, 0, 0, 1, 5, 4, 9]] },
        { "at most one leader of a partition in an epoch", [[1, 0, 1, 1, 0, 0, 0], [2, 0, 1, 1, 0, 0, 0]] },
        { "leader epochs only grow", [[1, 0, 0, 2, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0]] },
        { "the high watermark never decreases", [[1, 0, 1, 2, 0, 5, 9], [1, 0, 1, 2, 0, 4, 9]] },
        { "a leader never truncates its own log", [[1, 0, 1, 2, 0, 5, 9], [1, 0, 1, 2, 0, 5, 8]] },
    };

    [Theory]
    [MemberData(nameof(BrokenReplicas))]
    public void PartitionChecker_FindsWhatIsBroken(string property, int[][] views)
    {
        var checker = new PartitionChecker(_violations);
        foreach (int[] v in views)
        {
            checker.Check(new PartitionView(v[0], v[1], "t-0", v[2] == 1, v[3], v[4], v[5], v[6]));
        }

        AssertFound(property);
    }

    [Fact]
    public void PartitionChecker_AcknowledgedOnOneReplicaOnly_IsFound()
    {
        var checker = new PartitionChecker(_violations);
        checker.Check(new PartitionView(1, 0, "t-0", true, 1, 0, 4, 6));
        checker.Check(new PartitionView(2, 0, "t-0", false, 1, 0, 4, 5));
        checker.CheckAcknowledged("t-0", 4, 2);
        Assert.Empty(_violations.Found);

        checker.CheckAcknowledged("t-0", 5, 2);

        AssertFound("no acknowledgement while the ISR is smaller");
    }

    private static ImageView Image(int node, long offset, ulong hash, PartitionState partition) => new(
        node, 0, offset, hash, [partition],
        new Dictionary<int, BrokerState> { [1] = Up1, [2] = Up2, [3] = Up1 with { BrokerId = 3 } });

    private void AssertFound(string property) =>
        Assert.Contains(_violations.Found, found => found.StartsWith(property, StringComparison.Ordinal));
}
