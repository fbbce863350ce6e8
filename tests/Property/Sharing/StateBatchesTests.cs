using FsCheck.Xunit;
using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Tests.Property.Sharing;

/// <summary>Merging state batches is what it is for each offset alone.</summary>
public sealed class StateBatchesTests
{
    private const int Offsets = 32;

    [Property(MaxTest = 500)]
    public void Merge_OfAnyBatches_KeepsTheStrongestOfEachOffset(
        (byte First, byte Length, byte What)[] older, (byte First, byte Length, byte What)[] newer, byte start)
    {
        // What is kept already never overlaps.
        IReadOnlyList<StateBatch> kept = StateBatches.Merge([], Batches(older), -1);
        long startOffset = (start % (Offsets + 1)) - 1;
        IReadOnlyList<StateBatch> merged = StateBatches.Merge(kept, Batches(newer), startOffset);

        Dictionary<long, (int Count, RecordState State)> expected = [];
        foreach (StateBatch batch in kept.Concat(Batches(newer)))
        {
            for (long offset = Math.Max(startOffset, batch.FirstOffset); offset <= batch.LastOffset; offset++)
            {
                (int, RecordState) told = (batch.DeliveryCount, batch.State);
                expected[offset] = expected.TryGetValue(offset, out (int, RecordState) known)
                    && known.CompareTo(told) > 0 ? known : told;
            }
        }

        Assert.Equal(
            expected.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value.Count, entry.Value.State)),
            merged.SelectMany(batch => Enumerable.Range(0, (int)(batch.LastOffset - batch.FirstOffset + 1)).Select(
                i => (batch.FirstOffset + i, (int)batch.DeliveryCount, batch.State))));
        Assert.All(merged.Zip(merged.Skip(1)), pair => Assert.False(
            pair.First.LastOffset + 1 == pair.Second.FirstOffset && pair.First.State == pair.Second.State
            && pair.First.DeliveryCount == pair.Second.DeliveryCount));
    }

    private static StateBatch[] Batches((byte First, byte Length, byte What)[] drawn) =>
        [.. drawn.Select(batch => new StateBatch(
            batch.First % Offsets, (batch.First % Offsets) + (batch.Length % 8),
            (RecordState)((batch.What % 3) * 2), (short)(batch.What / 3 % 4)))];
}
