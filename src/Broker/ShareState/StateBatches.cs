namespace KRaftSharp.Broker.ShareState;

/// <summary>Sets of state batches that do not overlap, in the order of offsets.</summary>
internal static class StateBatches
{
    /// <summary>
    /// Both sets as one. Where they overlap, the greater delivery count counts, of equals the later state. Nothing
    /// below <paramref name="startOffset"/> is kept.
    /// </summary>
    /// <param name="startOffset">-1 keeps everything.</param>
    public static IReadOnlyList<StateBatch> Merge(
        IReadOnlyList<StateBatch> older, IReadOnlyList<StateBatch> newer, long startOffset)
    {
        List<StateBatch> all = new(older.Count + newer.Count);
        Cut(older, startOffset, all);
        Cut(newer, startOffset, all);
        if (IsInOrder(all))
        {
            return Join(all);
        }

        all.Sort(static (left, right) => left.FirstOffset.CompareTo(right.FirstOffset));
        return Join(Layer(all));
    }

    private static void Cut(IReadOnlyList<StateBatch> batches, long startOffset, List<StateBatch> kept)
    {
        foreach (StateBatch batch in batches)
        {
            if (batch.LastOffset >= startOffset)
            {
                kept.Add(batch with { FirstOffset = Math.Max(batch.FirstOffset, startOffset) });
            }
        }
    }

    private static bool IsInOrder(List<StateBatch> batches)
    {
        for (int i = 1; i < batches.Count; i++)
        {
            if (batches[i].FirstOffset <= batches[i - 1].LastOffset)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What is seen from above when the strongest batch lies on top; in the order of first offsets.</summary>
    private static List<StateBatch> Layer(List<StateBatch> batches)
    {
        List<StateBatch> seen = [];
        PriorityQueue<StateBatch, StateBatch> open = new(Comparer<StateBatch>.Create(Stronger));
        int next = 0;
        long at = batches[0].FirstOffset;
        while (next < batches.Count || open.Count > 0)
        {
            while (open.TryPeek(out StateBatch ended, out _) && ended.LastOffset < at)
            {
                open.Dequeue();
            }

            if (open.Count == 0)
            {
                if (next == batches.Count)
                {
                    break;
                }

                at = Math.Max(at, batches[next].FirstOffset);
            }

            for (; next < batches.Count && batches[next].FirstOffset <= at; next++)
            {
                open.Enqueue(batches[next], batches[next]);
            }

            if (!open.TryPeek(out StateBatch top, out _) || top.LastOffset < at)
            {
                continue;
            }

            long until = next < batches.Count
                ? Math.Min(top.LastOffset, batches[next].FirstOffset - 1)
                : top.LastOffset;
            seen.Add(top with { FirstOffset = at, LastOffset = until });
            at = until + 1;
        }

        return seen;
    }

    private static int Stronger(StateBatch left, StateBatch right)
    {
        int byCount = right.DeliveryCount.CompareTo(left.DeliveryCount);
        return byCount != 0 ? byCount : right.State.CompareTo(left.State);
    }

    private static List<StateBatch> Join(List<StateBatch> batches)
    {
        List<StateBatch> joined = new(batches.Count);
        foreach (StateBatch batch in batches)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.LastOffset + 1 == batch.FirstOffset
                && last.State == batch.State && last.DeliveryCount == batch.DeliveryCount)
            {
                joined[^1] = last with { LastOffset = batch.LastOffset };
            }
            else
            {
                joined.Add(batch);
            }
        }

        return joined;
    }
}
