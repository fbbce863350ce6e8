using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.History;

/// <summary>The history checker against its naive twin, and against histories of a cluster that does as it should.
/// </summary>
public sealed class HistoryPropertyTests
{
    private const int ArbitraryHistories = 3000;
    private const int HonestHistories = 300;

    [Fact]
    public void Checker_OverArbitraryHistories_FindsTheKindsThatTheNaiveOneFinds()
    {
        var found = new SortedDictionary<AnomalyKind, int>();
        for (ulong seed = 0; seed < ArbitraryHistories; seed++)
        {
            OperationHistory history = ArbitraryHistory.From(seed);
            SortedSet<AnomalyKind> kinds = [.. HistoryChecker.Check(history).Select(anomaly => anomaly.Kind)];
            Assert.True(
                kinds.SetEquals(new NaiveChecker(history).Kinds()),
                $"seed {seed}: {string.Join(", ", kinds)}, not {string.Join(", ", new NaiveChecker(history).Kinds())}");
            foreach (AnomalyKind kind in kinds)
            {
                found[kind] = found.GetValueOrDefault(kind) + 1;
            }
        }

        // A kind that never comes up was not compared.
        Assert.All(Enum.GetValues<AnomalyKind>(), kind => Assert.True(found.GetValueOrDefault(kind) >= 20, $"{kind}"));
    }

    [Fact]
    public void Checker_OverHonestHistories_FindsNothing()
    {
        for (ulong seed = 0; seed < HonestHistories; seed++)
        {
            IReadOnlyList<Anomaly> found = HistoryChecker.Check(HonestHistory.From(seed));
            Assert.True(found.Count == 0, $"seed {seed}: {string.Join("; ", found)}");
        }
    }
}
