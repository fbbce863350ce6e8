namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>How far the members of a group are behind.</summary>
internal sealed class LagCalls(GroupCalls groups, OffsetCalls offsets, ShareOffsetCalls shares)
{
    /// <summary>A line for each partition that the group has committed for or is assigned, in order.</summary>
    public async Task<IReadOnlyList<PartitionLag>> OfAsync(GroupDescription description)
    {
        ListedGroup group = description.Group;
        if (group.IsShare)
        {
            return await OfShareAsync(description);
        }

        var committed = await groups.CommittedAsync(group.Id);
        Dictionary<(string, int), GroupMember> owners = [];
        foreach (GroupMember member in description.Members)
        {
            foreach ((string, int) partition in member.Assignment)
            {
                owners[partition] = member;
            }
        }

        List<(string Topic, int Partition)> partitions = [.. committed.Keys.Union(owners.Keys).Order()];
        var ends = await offsets.ListAsync(partitions, OffsetCalls.Latest);
        return partitions.ConvertAll(partition => new PartitionLag(
            partition.Topic, partition.Partition,
            committed.TryGetValue(partition, out CommittedOffset current) ? current.Offset : null,
            ends.TryGetValue(partition, out long end) ? end : null,
            owners.GetValueOrDefault(partition)));
    }

    /// <summary>Several members may read a partition of a share group: none owns it.</summary>
    private async Task<IReadOnlyList<PartitionLag>> OfShareAsync(GroupDescription description)
    {
        var states = await shares.DescribeAsync(description.Group.Id);
        var ends = await offsets.ListAsync(states.Keys, OffsetCalls.Latest);
        return [.. states.OrderBy(state => state.Key).Select(state => new PartitionLag(
            state.Key.Topic, state.Key.Partition, state.Value.Start < 0 ? null : state.Value.Start,
            ends.TryGetValue(state.Key, out long end) ? end : null, null)
        {
            // What was acknowledged between the two ends is no lag; only the share coordinator knows how much it is.
            KnownLag = state.Value.Lag,
        })];
    }
}

/// <summary>One partition of a group.</summary>
/// <param name="Current">The committed offset; null where there is none.</param>
/// <param name="End">What a consumer may read up to; null while the partition has no leader.</param>
/// <param name="Owner">Null where no member reads it.</param>
internal sealed record PartitionLag(string Topic, int Partition, long? Current, long? End, GroupMember? Owner)
{
    /// <summary>What the coordinator says that it is; null where it says nothing.</summary>
    public long? KnownLag { get; init; }

    /// <summary>0 where either side is not known.</summary>
    public long Lag => KnownLag
        ?? (Current is { } current && End is { } end ? Math.Max(0, end - current) : 0);
}
