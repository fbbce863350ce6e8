using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Producer;

/// <summary>Chooses the partition of records without a key (KIP-480, KIP-794): one partition until it has been given a
/// batch's worth of bytes, then another by chance, those with short queues more often.</summary>
/// <remarks>One a topic. Any thread may ask: a switch that two threads make at once is harmless.</remarks>
internal sealed class StickyChoice(Chance chance, int bytesPerTurn)
{
    private int _partition = -1;
    private int _bytes;

    /// <summary>The partition for a record of so many bytes.</summary>
    /// <param name="route">Partitions without a leader are passed over while others have one.</param>
    /// <param name="recordBytes">What the record adds.</param>
    public int Choose(TopicRoute route, int recordBytes)
    {
        TopicView topic = route.Topic;
        int partition = Volatile.Read(ref _partition);
        if (partition < 0 || partition >= topic.Partitions.Count
            || topic.Partitions[partition].LeaderId < 0
            || Interlocked.Add(ref _bytes, recordBytes) > bytesPerTurn)
        {
            partition = Next(route);
            Volatile.Write(ref _partition, partition);
            Volatile.Write(ref _bytes, recordBytes);
        }

        return partition;
    }

    private int Next(TopicRoute route)
    {
        TopicView topic = route.Topic;
        int count = topic.Partitions.Count;
        int longest = 0;
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            longest = Math.Max(longest, route.Queued(i));
        }

        // Weight: how much shorter than the longest queue, plus one, so that every partition has its turn.
        for (int i = 0; i < count; i++)
        {
            total += Weight(i);
        }

        if (total == 0)
        {
            return chance.Below(count);
        }

        long at = (long)(chance.NextBits() % (ulong)total);
        int chosen = 0;
        while (at >= Weight(chosen))
        {
            at -= Weight(chosen);
            chosen++;
        }

        return chosen;

        long Weight(int partition) =>
            topic.Partitions[partition].LeaderId < 0 ? 0 : Math.Max(longest + 1 - route.Queued(partition), 0);
    }
}
