using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Log;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>
/// INVARIANTS.md: "last stable offset at most the high watermark, monotonic, and stops at the first open transaction",
/// of a leader's log whose high watermark follows its end at any distance.
/// </summary>
public sealed class LastStableOffsetTests
{
    [Property(MaxTest = 400, Replay = "5518200439117,3571")]
    public void LastStableOffset_AtMostTheHighWatermark_Monotonic_StopsAtTheFirstOpenTransaction(
        DoNotSize<ulong> seed) => Assert.Null(Tell(seed.Item, static log => log.LastStableOffset));

    /// <summary>Who takes the high watermark for it, or a place before the first open transaction, is found.</summary>
    [Fact]
    public void PlantedFault_IsFound()
    {
        AssertFound(static log => log.HighWatermark);
        AssertFound(static log => log.LogEndOffset);
        AssertFound(static log => Math.Max(0, log.LastStableOffset - 1));
    }

    private static void AssertFound(Func<PartitionLog, long> stableOf) => Assert.Contains(
        Enumerable.Range(0, 20), seed => Tell((ulong)seed, stableOf) is not null);

    /// <param name="stableOf">What is taken for the last stable offset.</param>
    /// <returns>What went wrong; null when nothing did.</returns>
    private static string? Tell(ulong seed, Func<PartitionLog, long> stableOf)
    {
        Prng chance = new(seed);
        LogWorld world = new(chance.Fork(), new LogOptions { SegmentBytes = chance.Between(300, 4000) });
        world.Open(isClean: true);
        Dictionary<long, int> sequences = [];
        SortedDictionary<long, long> open = [];
        List<(long First, long End)> ended = [];
        long stable = 0;
        for (int step = 0; step < 150; step++)
        {
            long producer = chance.Between(1, 4);
            switch (chance.Below(10))
            {
                case < 4:
                    int sequence = sequences.GetValueOrDefault(producer);
                    sequences[producer] = sequence + 1;
                    open.TryAdd(producer, Append(world, TransactionBatches.Data(step, 1, producer, 0, sequence)));
                    break;
                case < 6:
                    long marker = Append(
                        world, TransactionBatches.Marker(producer, 0, chance.Below(2) == 0, coordinatorEpoch: 0));
                    if (open.Remove(producer, out long first))
                    {
                        ended.Add((first, marker));
                    }

                    break;
                case 6:
                    Append(world, TransactionBatches.Data(step, 1));
                    break;
                default:
                    long mark = chance.Between((int)world.Log.HighWatermark, (int)world.Log.LogEndOffset);
                    world.Do(() => world.Log.SetHighWatermark(mark));
                    break;
            }

            // By looking at every transaction: one whose end is not replicated counts as open.
            long expected = open.Values.Concat(
                    ended.Where(entry => entry.End >= world.Log.HighWatermark).Select(static entry => entry.First))
                .Append(world.Log.HighWatermark).Min();
            long now = stableOf(world.Log);
            if (now != expected || now < stable || now > world.Log.HighWatermark)
            {
                return $"step {step}: {now} rather than {expected}, after {stable}, high watermark "
                    + $"{world.Log.HighWatermark}";
            }

            stable = now;
        }

        return null;
    }

    private static long Append(LogWorld world, byte[] batch)
    {
        LogAppendResult result = default;
        bool isMarker = (batch[RecordBatchLayout.AttributesAt + 1] & RecordBatchLayout.ControlFlag) != 0;
        AppendOrigin origin = isMarker ? AppendOrigin.Coordinator : AppendOrigin.Client;
        world.Do(() => result = world.Log.AppendAsLeader(batch, 0, origin));
        Assert.Equal(ErrorCode.None, result.Error);
        return result.BaseOffset;
    }
}
