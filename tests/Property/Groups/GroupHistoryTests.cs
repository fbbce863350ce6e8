using FsCheck;
using FsCheck.Xunit;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>
/// The Groups section of INVARIANTS.md over histories of both protocols in one group, with upgrades and downgrades: a
/// partition has one owner in an epoch, epochs only grow, stale and fenced members commit nothing, the log says what
/// the coordinator knows, and a group that is left alone comes to rest with everything assigned.
/// </summary>
public sealed class GroupHistoryTests
{
    [Property(MaxTest = 40)]
    public void Group_OverAnyHistory_HasOneOwnerAndConverges(DoNotSize<ulong> seed)
    {
        GroupHistory history = Tell(seed.Item, keepsRevoked: false);

        Assert.True(history.Broken is null, $"seed {seed.Item}: {history.Broken}");
    }

    /// <summary>A downgraded group forgot what a member still read; one that joined with the consumer protocol, before
    /// the group had rebalanced, was given it.</summary>
    [Fact]
    public void DowngradeAndUpgradeAtOnce_LeaveEveryPartitionItsOwner() =>
        Assert.Null(Tell(14164407671356422286UL, keepsRevoked: false).Broken);

    [Fact]
    public void Histories_ChangeTheProtocolWithMembers()
    {
        int changes = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            GroupHistory history = Tell(seed, keepsRevoked: false);
            Assert.True(history.Broken is null, $"seed {seed}: {history.Broken}");
            changes += history.ChangeCount;
        }

        Assert.True(changes > 10, $"only {changes} changes");
    }

    [Fact]
    public void PlantedFault_KeepsWhatItGaveUp_IsFound() => Assert.Contains(
        Enumerable.Range(0, 20), seed => Tell((ulong)seed, keepsRevoked: true).Broken is not null);

    private static GroupHistory Tell(ulong seed, bool keepsRevoked)
    {
        GroupHistory history = new(seed, keepsRevoked);
        for (int i = 0; i < 300; i++)
        {
            history.Step();
        }

        history.Settle();
        return history;
    }
}
