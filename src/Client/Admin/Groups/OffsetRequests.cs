using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Requests and answers about committed offsets. Topics are named, not identified by id.</summary>
internal static class OffsetRequests
{
    /// <summary>OffsetFetch of several groups (KIP-709); version 10 would ask for topic ids.</summary>
    public static VersionRange ManyGroups => new(8, 9);

    public static VersionRange OneGroup => new(2, 7);

    /// <summary>OffsetCommit before topic ids.</summary>
    public static VersionRange ByTopicName => new(2, 9);

    public static OffsetFetchRequest Fetch(
        string group, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable) => new()
        {
            RequireStable = requireStable,
            Groups =
            [
                new OffsetFetchRequest.OffsetFetchRequestGroup
                {
                    GroupId = group,
                    Topics = partitions is null
                        ? null
                        : [.. partitions.ByTopic().Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopics
                        {
                            Name = topic.Topic,
                            PartitionIndexes = [.. topic.Partitions],
                        })],
                },
            ],
        };

    public static OffsetFetchRequest FetchOne(
        string group, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable) => new()
        {
            RequireStable = requireStable,
            GroupId = group,
            Topics = partitions is null
                ? null
                : [.. partitions.ByTopic().Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopic
                {
                    Name = topic.Topic,
                    PartitionIndexes = [.. topic.Partitions],
                })],
        };

    public static Outcome<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ReadFetch(
        OffsetFetchResponse answer, string group)
    {
        if (answer.Groups.Find(one => one.GroupId == group) is not { } found)
        {
            return Outcome.Failed<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>>(
                ErrorCode.UnknownServerError, $"the answer does not name group '{group}'");
        }

        return Collect(
            found.ErrorCode,
            from topic in found.Topics
            from partition in topic.Partitions
            select (
                new TopicPartition(topic.Name, partition.PartitionIndex), partition.ErrorCode,
                new OffsetAndMetadata(
                    partition.CommittedOffset, partition.Metadata ?? "", partition.CommittedLeaderEpoch)));
    }

    public static Outcome<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ReadFetchOne(
        OffsetFetchResponse answer) => Collect(
            answer.ErrorCode,
            from topic in answer.Topics
            from partition in topic.Partitions
            select (
                new TopicPartition(topic.Name, partition.PartitionIndex), partition.ErrorCode,
                new OffsetAndMetadata(
                    partition.CommittedOffset, partition.Metadata ?? "", partition.CommittedLeaderEpoch)));

    public static OffsetCommitRequest Commit(
        string group, IEnumerable<TopicPartition> partitions,
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets) => new()
        {
            GroupId = group,
            Topics = [.. partitions.ByTopic().Select(topic => new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = topic.Topic,
                Partitions = [.. topic.Partitions.Select(
                    index => (index, offset: offsets[new TopicPartition(topic.Topic, index)])).Select(
                    item => new OffsetCommitRequest.OffsetCommitRequestPartition
                    {
                        PartitionIndex = item.index,
                        CommittedOffset = item.offset.Offset,
                        CommittedLeaderEpoch = item.offset.LeaderEpoch,
                        CommittedMetadata = item.offset.Metadata,
                    })],
            })],
        };

    public static OffsetDeleteRequest Delete(string group, IEnumerable<TopicPartition> partitions) => new()
    {
        GroupId = group,
        Topics = [.. partitions.ByTopic().Select(topic => new OffsetDeleteRequest.OffsetDeleteRequestTopic
        {
            Name = topic.Topic,
            Partitions = [.. topic.Partitions.Select(
                index => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = index })],
        })],
    };

    // The first error counts: a part of the offsets would be read as all of them.
    private static Outcome<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> Collect(
        ErrorCode error, IEnumerable<(TopicPartition, ErrorCode, OffsetAndMetadata)> partitions)
    {
        Dictionary<TopicPartition, OffsetAndMetadata> offsets = [];
        foreach ((TopicPartition partition, ErrorCode ofPartition, OffsetAndMetadata offset) in partitions)
        {
            error = error == ErrorCode.None ? ofPartition : error;
            if (offset.Offset >= 0)
            {
                offsets.Add(partition, offset);
            }
        }

        return Outcome.Of<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>>(error, null, offsets);
    }
}
