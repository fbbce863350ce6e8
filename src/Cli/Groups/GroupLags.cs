using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

/// <summary>Puts committed offsets, log ends and assignments together.</summary>
internal static class GroupLags
{
    public static async Task<IReadOnlyList<GroupLag>> OfAsync(
        KafkaAdmin admin, GroupDescription group, CancellationToken cancellation)
    {
        Dictionary<TopicPartition, string> owners = [];
        // A streams group's members have tasks of subtopologies, not partitions.
        foreach (GroupMember member in group.Type == GroupType.Streams ? [] : group.Members)
        {
            foreach (TopicPartition partition in member.Assignment)
            {
                owners[partition] = member.InstanceId ?? member.Id;
            }
        }

        return group.Type == GroupType.Share
            ? await OfShareAsync(admin, group.Id, owners, cancellation)
            : await OfCommitsAsync(admin, group.Id, owners, cancellation);
    }

    private static async Task<IReadOnlyList<GroupLag>> OfCommitsAsync(
        KafkaAdmin admin, string group, Dictionary<TopicPartition, string> owners, CancellationToken cancellation)
    {
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> committed = await admin.Groups.ListOffsetsAsync(
            group, partitions: null, requireStable: false, cancellation);
        TopicPartition[] partitions = Ordered(committed.Keys.Union(owners.Keys));
        IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>> ends = await admin.Logs.ListOffsetsAsync(
            partitions, OffsetSpec.Latest, readCommitted: false, cancellation);
        return [.. partitions.Select(partition =>
        {
            long offset = committed.TryGetValue(partition, out OffsetAndMetadata commit) ? commit.Offset : -1;
            // The topic may be gone while its offsets are still there.
            long end = ends[partition].IsOk ? ends[partition].Value.Offset : -1;
            return new GroupLag(
                partition, offset, end, offset < 0 || end < 0 ? -1 : Math.Max(end - offset, 0),
                owners.GetValueOrDefault(partition));
        })];
    }

    private static async Task<IReadOnlyList<GroupLag>> OfShareAsync(
        KafkaAdmin admin, string group, Dictionary<TopicPartition, string> owners, CancellationToken cancellation)
    {
        IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>> starts = await admin.ShareGroups.ListOffsetsAsync(
            group, partitions: null, cancellation);
        TopicPartition[] partitions = Ordered(starts.Keys);
        IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>> ends = await admin.Logs.ListOffsetsAsync(
            partitions, OffsetSpec.Latest, readCommitted: false, cancellation);
        return [.. partitions.Select(partition =>
        {
            ShareOffset start = starts[partition].IsOk ? starts[partition].Value : new ShareOffset(-1, -1, -1);
            long end = ends[partition].IsOk ? ends[partition].Value.Offset : -1;
            return new GroupLag(partition, start.StartOffset, end, start.Lag, owners.GetValueOrDefault(partition));
        })];
    }

    private static TopicPartition[] Ordered(IEnumerable<TopicPartition> partitions) =>
        [.. partitions.OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(
            partition => partition.Partition)];
}
