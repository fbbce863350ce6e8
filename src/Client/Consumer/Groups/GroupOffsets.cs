using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>Commits offsets of a group and asks what is committed.</summary>
internal sealed class GroupOffsets(ClusterClient cluster, string groupId)
{
    // Topics by name: ids came with version 10 and would have to be known for topics that are not read here.
    private static readonly VersionRange CommitVersions = new(6, 9);
    private static readonly VersionRange ManyGroups = new(8, 9);
    private static readonly VersionRange OneGroup = new(7, 7);

    private readonly CoordinatorLink _link = new(cluster, CoordinatorKind.Group, groupId, ChannelLane.Offsets);

    /// <summary>The same coordinator, for what is said once without waiting behind a join.</summary>
    public CoordinatorLink Link => _link;

    /// <summary>Commits, repeated while it may succeed later.</summary>
    /// <exception cref="KafkaException">It was refused: the group has moved on, or the deadline is over.</exception>
    public async Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata by, long deadlineMs,
        CancellationToken cancellation)
    {
        OffsetCommitRequest request = new()
        {
            GroupId = groupId,
            GenerationIdOrMemberEpoch = by.GenerationId,
            MemberId = by.MemberId,
            GroupInstanceId = by.GroupInstanceId,
        };
        request.Topics.AddRange(offsets.GroupBy(entry => entry.Key.Topic).Select(topic =>
            new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(entry => new OffsetCommitRequest.OffsetCommitRequestPartition
                {
                    PartitionIndex = entry.Key.Partition,
                    CommittedOffset = entry.Value.Offset,
                    CommittedLeaderEpoch = entry.Value.LeaderEpoch,
                    CommittedMetadata = entry.Value.Metadata,
                })],
            }));
        await _link.CallAsync<OffsetCommitResponse>(
            request, CommitVersions, answer => Worst(answer.Topics.SelectMany(topic => topic.Partitions)
                .Select(partition => partition.ErrorCode)),
            deadlineMs, cancellation);
    }

    /// <summary>What is committed; a partition without a commit is left out.</summary>
    /// <exception cref="KafkaException">Not known until the deadline, or not allowed.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> FetchAsync(
        IReadOnlyCollection<TopicPartition> partitions, ConsumerGroupMetadata by, long deadlineMs,
        CancellationToken cancellation)
    {
        try
        {
            return await FetchAsOneOfManyAsync(partitions, by, deadlineMs, cancellation);
        }
        catch (KafkaException error) when (error.Code == ErrorCode.UnsupportedVersion)
        {
            return await FetchAsTheOnlyOneAsync(partitions, deadlineMs, cancellation);
        }
    }

    private static ErrorCode Worst(IEnumerable<ErrorCode> errors)
    {
        ErrorCode worst = ErrorCode.None;
        foreach (ErrorCode error in errors.Where(error => error != ErrorCode.None))
        {
            worst = worst == ErrorCode.None || ErrorCodes.IsRetriable(worst) ? error : worst;
        }

        return worst;
    }

    private async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> FetchAsOneOfManyAsync(
        IReadOnlyCollection<TopicPartition> partitions, ConsumerGroupMetadata by, long deadlineMs,
        CancellationToken cancellation)
    {
        OffsetFetchRequest.OffsetFetchRequestGroup group = new()
        {
            GroupId = groupId,
            MemberId = by.MemberId.Length == 0 ? null : by.MemberId,
            MemberEpoch = by.GenerationId,
            Topics = [.. partitions.GroupBy(partition => partition.Topic).Select(topic =>
                new OffsetFetchRequest.OffsetFetchRequestTopics
                {
                    Name = topic.Key,
                    PartitionIndexes = [.. topic.Select(partition => partition.Partition)],
                })],
        };
        OffsetFetchRequest request = new() { RequireStable = true };
        request.Groups.Add(group);
        OffsetFetchResponse answer = await _link.CallAsync<OffsetFetchResponse>(
            request, ManyGroups, answer => answer.Groups.Find(one => one.GroupId == groupId) is { } one
                ? one.ErrorCode != ErrorCode.None
                    ? one.ErrorCode
                    : Worst(one.Topics.SelectMany(topic => topic.Partitions).Select(part => part.ErrorCode))
                : ErrorCode.CoordinatorNotAvailable,
            deadlineMs, cancellation);
        Dictionary<TopicPartition, OffsetAndMetadata> found = [];
        foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in answer.Groups.Find(
            one => one.GroupId == groupId)!.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartitions part in topic.Partitions.Where(
                part => part.CommittedOffset >= 0))
            {
                found[new TopicPartition(topic.Name, part.PartitionIndex)] = new OffsetAndMetadata(
                    part.CommittedOffset, part.Metadata ?? "", part.CommittedLeaderEpoch);
            }
        }

        return found;
    }

    private async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> FetchAsTheOnlyOneAsync(
        IReadOnlyCollection<TopicPartition> partitions, long deadlineMs, CancellationToken cancellation)
    {
        OffsetFetchRequest request = new()
        {
            GroupId = groupId,
            RequireStable = true,
            Topics = [.. partitions.GroupBy(partition => partition.Topic).Select(topic =>
                new OffsetFetchRequest.OffsetFetchRequestTopic
                {
                    Name = topic.Key,
                    PartitionIndexes = [.. topic.Select(partition => partition.Partition)],
                })],
        };
        OffsetFetchResponse answer = await _link.CallAsync<OffsetFetchResponse>(
            request, OneGroup, answer => answer.ErrorCode != ErrorCode.None
                ? answer.ErrorCode
                : Worst(answer.Topics.SelectMany(topic => topic.Partitions).Select(part => part.ErrorCode)),
            deadlineMs, cancellation);
        Dictionary<TopicPartition, OffsetAndMetadata> found = [];
        foreach (OffsetFetchResponse.OffsetFetchResponseTopic topic in answer.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartition part in topic.Partitions.Where(
                part => part.CommittedOffset >= 0))
            {
                found[new TopicPartition(topic.Name, part.PartitionIndex)] = new OffsetAndMetadata(
                    part.CommittedOffset, part.Metadata ?? "", part.CommittedLeaderEpoch);
            }
        }

        return found;
    }
}
