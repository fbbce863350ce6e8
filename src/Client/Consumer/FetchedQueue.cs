namespace KRaftSharp.Client.Consumer;

/// <summary>What was fetched and lies ready for the next polls, oldest first.</summary>
internal sealed class FetchedQueue(Assignment assignment)
{
    private List<FetchedPart> _parts = [];

    public void Add(FetchedPart part) => _parts.Add(part);

    /// <summary>The next records, no more than that many; the caller disposes them.</summary>
    public FetchedRecords Take(int mostRecords)
    {
        List<PartitionRecords> results = [];
        List<IDisposable> leases = [];
        List<FetchedPart> left = [];
        HashSet<PartitionState> inOrder = []; // what follows a part that is left must wait for it
        foreach (FetchedPart part in _parts)
        {
            PartitionState state = part.State;
            if (part.Version == state.Version && state.IsPaused && assignment.Find(state.Partition) == state)
            {
                state.Rewind(); // memory is not kept for what nobody wants now
            }

            if (part.Version != state.Version || assignment.Find(state.Partition) != state)
            {
                part.Buffer!.Release();
            }
            else if (mostRecords <= 0 || inOrder.Contains(state))
            {
                left.Add(part);
            }
            else
            {
                mostRecords -= TakeFrom(part, mostRecords, results, leases, left);
                if (left.Count > 0 && left[^1] == part)
                {
                    inOrder.Add(state);
                }
            }
        }

        _parts = left;
        return new FetchedRecords(results, leases);
    }

    public void Clear()
    {
        _parts.ForEach(part => part.Buffer!.Release());
        _parts = [];
    }

    private static int TakeFrom(
        FetchedPart part, int mostRecords, List<PartitionRecords> results, List<IDisposable> leases,
        List<FetchedPart> left)
    {
        (PartitionRecords records, int count) = part.Slice(mostRecords);
        if (records.NextOffset > records.FirstOffset)
        {
            part.State.HandedOut(records.NextOffset, records.LastEpoch);
            results.Add(records);
            leases.Add(part.Buffer!.Share());
        }

        if (records.NextOffset >= part.NextOffset)
        {
            part.Buffer!.Release();
        }
        else
        {
            left.Add(part);
        }

        return count;
    }
}
