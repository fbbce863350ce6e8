using FsCheck;
using FsCheck.Xunit;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>
/// Over histories of delayed and repeated requests, zombies, timeouts and crashes of the coordinator: every
/// transaction is seen whole or not at all, what was committed to a client is seen, what nobody asked to commit is not,
/// and none hangs.
/// </summary>
public sealed class TransactionHistoryTests
{
    /// <summary>Always the same histories; others by another <c>Replay</c>.</summary>
    [Property(MaxTest = 60, Replay = "5530218863911741107,23")]
    public void Transactions_OverAnyHistory_AreAllOrNothing(DoNotSize<ulong> seed) =>
        Assert.Null(Tell(seed.Item, PlantedFault.None).Broken);

    [Fact]
    public void Transactions_OverManyHistories_DoCommit()
    {
        int committed = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            (string? broken, int commits) = Tell(seed, PlantedFault.None);
            Assert.True(broken is null, $"seed {seed}: {broken}");
            committed += commits;
        }

        Assert.True(committed > 100, $"only {committed} transactions were committed");
    }

    [Theory]
    [InlineData(PlantedFault.MarkersBeforeTheDecision)]
    [InlineData(PlantedFault.LateProduceIsWritten)]
    [InlineData(PlantedFault.LateOffsetsAreWritten)]
    [InlineData(PlantedFault.TimeoutKeepsTheEpoch)]
    public void PlantedFault_IsFound(PlantedFault fault) => Assert.Contains(
        Enumerable.Range(0, 300), seed => Tell((ulong)seed, fault).Broken is not null);

    private static (string? Broken, int Commits) Tell(ulong seed, PlantedFault fault)
    {
        var world = new TransactionWorld(seed, fault);
        for (int i = 0; i < 1500; i++)
        {
            world.Step();
        }

        world.Settle();
        return (world.Check(), world.CommitCount);
    }
}
