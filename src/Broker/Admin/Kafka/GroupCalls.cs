using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Groups of every kind, their members and their offsets.</summary>
internal sealed class GroupCalls(KafkaGateway kafka)
{
    // By names: from version 10 on topics are ids, of which a deleted topic's says nothing to a reader.
    private const short OffsetsByName = 9;

    /// <summary>The groups of all coordinators, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ListedGroup>> ListAsync()
    {
        IReadOnlyList<ListedGroup[]> lists = await kafka.AskEachAsync(ListAsync);
        return [.. lists.SelectMany(list => list).OrderBy(group => group.Id, StringComparer.Ordinal)];
    }

    /// <summary>A group as its coordinator lists it; null where there is none.</summary>
    public Task<ListedGroup?> FindAsync(string group) => kafka.AtCoordinatorAsync(group, async coordinator =>
        (await ListAsync(coordinator)).FirstOrDefault(other => other.Id == group));

    /// <summary>A group with its members, whatever its kind.</summary>
    /// <exception cref="AdminProblem">There is no such group.</exception>
    public Task<GroupDescription> DescribeAsync(string group) =>
        kafka.AtCoordinatorAsync(group, coordinator => DescribeAsync(group, coordinator));

    private async Task<GroupDescription> DescribeAsync(string group, int coordinator) =>
        (await ListAsync(coordinator)).FirstOrDefault(other => other.Id == group) is { } listed
            ? await DescribeAsync(listed)
            : throw AdminProblem.Of(ErrorCode.GroupIdNotFound, $"Group {group} not found");

    /// <summary>A listed group with its members.</summary>
    public Task<GroupDescription> DescribeAsync(ListedGroup group) => group.Type.ToUpperInvariant() switch
    {
        "CONSUMER" => ConsumerAsync(group.Coordinator, group),
        "SHARE" => ShareAsync(group.Coordinator, group),
        "STREAMS" => StreamsAsync(group.Coordinator, group),
        _ => ClassicAsync(group.Coordinator, group),
    };

    /// <summary>The committed offsets of a group; empty for a group that never committed.</summary>
    public Task<IReadOnlyDictionary<(string Topic, int Partition), CommittedOffset>> CommittedAsync(string group) =>
        kafka.AtCoordinatorAsync(group, coordinator => CommittedAsync(group, coordinator));

    private async Task<IReadOnlyDictionary<(string Topic, int Partition), CommittedOffset>> CommittedAsync(
        string group, int coordinator)
    {
        OffsetFetchRequest request = new()
        {
            Groups = [new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = null }],
        };
        return await kafka.AskAsync(coordinator, request, (OffsetFetchResponse response) =>
        {
            OffsetFetchResponse.OffsetFetchResponseGroup answer = response.Groups[0];
            AdminProblem.ThrowIf(answer.ErrorCode);
            return (from topic in answer.Topics
                    from partition in topic.Partitions
                    where partition.ErrorCode == ErrorCode.None && partition.CommittedOffset >= 0
                    select ((topic.Name, partition.PartitionIndex), new CommittedOffset(
                        partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata)))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        }, OffsetsByName);
    }

    /// <summary>Commits offsets from outside, which only a group without members allows.</summary>
    /// <exception cref="AdminProblem">The group has members, or a partition is refused.</exception>
    public async Task CommitAsync(string group, IEnumerable<((string Topic, int Partition) Key, long Offset)> offsets)
    {
        OffsetCommitRequest request = new() { GroupId = group };
        foreach (var topic in offsets.GroupBy(entry => entry.Key.Topic))
        {
            request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(entry => new OffsetCommitRequest.OffsetCommitRequestPartition
                {
                    PartitionIndex = entry.Key.Partition,
                    CommittedOffset = entry.Offset,
                    CommittedMetadata = "",
                })],
            });
        }

        await kafka.AtCoordinatorAsync(group, coordinator => kafka.AskAsync(coordinator, request, (
            OffsetCommitResponse response) =>
        {
            foreach (var partition in response.Topics.SelectMany(topic => topic.Partitions))
            {
                AdminProblem.ThrowIf(partition.ErrorCode, partition.ErrorCode == ErrorCode.UnknownMemberId
                    ? $"Group {group} has members: stop them before its offsets are changed" : null);
            }

            return true;
        }, OffsetsByName));
    }

    public async Task DeleteAsync(string group)
    {
        DeleteGroupsRequest request = new() { GroupsNames = [group] };
        await kafka.AtCoordinatorAsync(group, coordinator => kafka.AskAsync(coordinator, request, (
            DeleteGroupsResponse response) =>
        {
            AdminProblem.ThrowIf(response.Results[0].ErrorCode, response.Results[0].ErrorMessage);
            return true;
        }));
    }

    /// <summary>The groups of one coordinator.</summary>
    public Task<ListedGroup[]> ListAsync(int broker) =>
        kafka.AskAsync(broker, new ListGroupsRequest(), (ListGroupsResponse response) =>
            response.Groups.Select(group => new ListedGroup(
                group.GroupId, broker, group.ProtocolType, group.GroupState,
                group.GroupType.Length == 0 ? "classic" : group.GroupType)).ToArray());

    private async Task<GroupDescription> ClassicAsync(int coordinator, ListedGroup listed)
    {
        DescribeGroupsRequest request = new() { Groups = [listed.Id] };
        return await kafka.AskAsync(coordinator, request, (DescribeGroupsResponse response) =>
        {
            DescribeGroupsResponse.DescribedGroup group = response.Groups[0];
            AdminProblem.ThrowIf(group.ErrorCode, group.ErrorMessage);
            return new GroupDescription(
                listed with { State = group.GroupState }, group.ProtocolData, null,
                [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost, null,
                    ClassicAssignment(member.MemberAssignment)))]);
        });
    }

    private async Task<GroupDescription> ConsumerAsync(int coordinator, ListedGroup listed)
    {
        ConsumerGroupDescribeRequest request = new() { GroupIds = [listed.Id] };
        return await kafka.AskAsync(coordinator, request, (ConsumerGroupDescribeResponse response) =>
        {
            ConsumerGroupDescribeResponse.DescribedGroup group = response.Groups[0];
            AdminProblem.ThrowIf(group.ErrorCode, group.ErrorMessage);
            return new GroupDescription(
                listed with { State = group.GroupState }, group.AssignorName, group.GroupEpoch,
                [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.MemberEpoch,
                    [.. from topic in member.Assignment.TopicPartitions
                        from partition in topic.Partitions
                        select (topic.TopicName, partition)]))]);
        });
    }

    private async Task<GroupDescription> ShareAsync(int coordinator, ListedGroup listed)
    {
        ShareGroupDescribeRequest request = new() { GroupIds = [listed.Id] };
        return await kafka.AskAsync(coordinator, request, (ShareGroupDescribeResponse response) =>
        {
            ShareGroupDescribeResponse.DescribedGroup group = response.Groups[0];
            AdminProblem.ThrowIf(group.ErrorCode, group.ErrorMessage);
            return new GroupDescription(
                listed with { State = group.GroupState }, group.AssignorName, group.GroupEpoch,
                [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, null, member.ClientId, member.ClientHost, member.MemberEpoch,
                    [.. from topic in member.Assignment.TopicPartitions
                        from partition in topic.Partitions
                        select (topic.TopicName, partition)]))]);
        });
    }

    private async Task<GroupDescription> StreamsAsync(int coordinator, ListedGroup listed)
    {
        StreamsGroupDescribeRequest request = new() { GroupIds = [listed.Id] };
        return await kafka.AskAsync(coordinator, request, (StreamsGroupDescribeResponse response) =>
        {
            StreamsGroupDescribeResponse.DescribedGroup group = response.Groups[0];
            AdminProblem.ThrowIf(group.ErrorCode, group.ErrorMessage);
            Dictionary<string, List<string>> sources = (group.Topology?.Subtopologies ?? []).ToDictionary(
                part => part.SubtopologyId,
                part => part.SourceTopics.Concat(part.RepartitionSourceTopics.Select(topic => topic.Name)).ToList());
            return new GroupDescription(
                listed with { State = group.GroupState }, group.AssignorName ?? "", group.GroupEpoch,
                [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.MemberEpoch,
                    [.. from tasks in member.Assignment.ActiveTasks
                        from topic in sources.GetValueOrDefault(tasks.SubtopologyId) ?? []
                        from partition in tasks.Partitions
                        select (topic, partition)]))]);
        });
    }

    /// <summary>What a leader among clients has written for a member; empty where it is no consumer's.</summary>
    private static List<(string, int)> ClassicAssignment(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolAssignment assignment = new();
        return bytes.Length > 0 && VersionPrefixCodec.TryDecodeLenient(bytes, assignment, out _, out _)
            ? [.. from topic in assignment.AssignedPartitions
                  from partition in topic.Partitions
                  select (topic.Topic, partition)]
            : [];
    }
}
