using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Groups of every type, and the offsets that consumer groups have committed.</summary>
/// <remarks>Everything about a group is asked of its coordinator, wherever it moves.</remarks>
public sealed class GroupAdmin
{
    private readonly AdminCalls _calls;

    internal GroupAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The groups of all brokers, by id.</summary>
    /// <param name="states">Only those in these states (KIP-518); null: all.</param>
    /// <param name="types">Only those of these types (KIP-848); null: all.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <exception cref="KafkaException">A broker could not be asked, so the list would have gaps.</exception>
    public async Task<IReadOnlyList<GroupListing>> ListAsync(
        IEnumerable<string>? states = null, IEnumerable<GroupType>? types = null,
        CancellationToken cancellation = default)
    {
        IReadOnlyDictionary<int, Outcome<List<GroupListing>>> found = await _calls.EachAsync(
            await _calls.BrokerIdsAsync(cancellation),
            new ItemCall<int, List<GroupListing>, ListGroupsResponse>(
                new BrokerRoute<int>(_calls.Cluster, id => id),
                _ => new ListGroupsRequest
                {
                    StatesFilter = [.. states ?? []],
                    TypesFilter = [.. (types ?? []).Select(GroupRequests.NameOf)],
                },
                (answer, asked) => [(asked[0], Outcome.Of(
                    answer.ErrorCode, null, GroupRequests.Listings(answer, asked[0])))]),
            cancellation);
        return [.. found.Values.SelectMany(outcome => outcome.Value).OrderBy(
            group => group.Id, StringComparer.Ordinal)];
    }

    /// <summary>Groups with their members, each asked for in the way of its type.</summary>
    /// <remarks>A group that nobody knows has <see cref="ErrorCode.GroupIdNotFound"/>.</remarks>
    public async Task<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeAsync(
        IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        Dictionary<string, GroupType> types = (await ListAsync(cancellation: cancellation)).ToDictionary(
            group => group.Id, group => group.Type, StringComparer.Ordinal);
        IReadOnlyDictionary<string, Outcome<GroupDescription>>[] parts = await Task.WhenAll(
            ids.Distinct(StringComparer.Ordinal).GroupBy(id => types.GetValueOrDefault(id, GroupType.Classic)).Select(
                group => DescribeAsync(group, group.Key, cancellation)));
        return parts.SelectMany(part => part).ToDictionary();
    }

    /// <summary>Groups of one type with their members.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeAsync(
        IEnumerable<string> ids, GroupType type, CancellationToken cancellation = default) => type switch
        {
            GroupType.Consumer => EachGroupAsync<GroupDescription, ConsumerGroupDescribeResponse>(
                ids, asked => new ConsumerGroupDescribeRequest { GroupIds = [.. asked] },
                GroupDescriptions.Read, cancellation),
            GroupType.Share => EachGroupAsync<GroupDescription, ShareGroupDescribeResponse>(
                ids, asked => new ShareGroupDescribeRequest { GroupIds = [.. asked] },
                GroupDescriptions.Read, cancellation),
            GroupType.Streams => EachGroupAsync<GroupDescription, StreamsGroupDescribeResponse>(
                ids, asked => new StreamsGroupDescribeRequest { GroupIds = [.. asked] },
                GroupDescriptions.Read, cancellation),
            _ => EachGroupAsync<GroupDescription, DescribeGroupsResponse>(
                ids, asked => new DescribeGroupsRequest { Groups = [.. asked] },
                GroupDescriptions.Read, cancellation),
        };

    /// <summary>Deletes groups without members, with their offsets.</summary>
    public Task<IReadOnlyDictionary<string, Outcome>> DeleteAsync(
        IEnumerable<string> ids, CancellationToken cancellation = default) =>
        EachGroupAsync<bool, DeleteGroupsResponse>(
            ids,
            asked => new DeleteGroupsRequest { GroupsNames = [.. asked] },
            answer => answer.Results.Select(
                result => (result.GroupId, Items.Done(result.ErrorCode, result.ErrorMessage))),
            cancellation).PlainAsync();

    /// <summary>What a group has committed.</summary>
    /// <param name="group">The group's id; one that nobody knows has committed nothing.</param>
    /// <param name="partitions">Only these; null: all.</param>
    /// <param name="requireStable">Wait for offsets of open transactions (KIP-447).</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <returns>Only partitions that an offset is committed for.</returns>
    /// <exception cref="KafkaException">The group's coordinator refuses.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ListOffsetsAsync(
        string group, IReadOnlyCollection<TopicPartition>? partitions = null, bool requireStable = false,
        CancellationToken cancellation = default)
    {
        ItemCall<string, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>, OffsetFetchResponse> call = new(
            new CoordinatorRoute(_calls.Cluster, CoordinatorKind.Group),
            _ => OffsetRequests.Fetch(group, partitions, requireStable),
            (answer, _) => [(group, OffsetRequests.ReadFetch(answer, group))])
        {
            Versions = OffsetRequests.ManyGroups,
        };
        try
        {
            return await _calls.EachAsync([group], call, cancellation).SoleAsync();
        }
        catch (KafkaException error) when (error.Code == ErrorCode.UnsupportedVersion)
        {
            return await _calls.EachAsync(
                [group],
                call with
                {
                    Ask = _ => OffsetRequests.FetchOne(group, partitions, requireStable),
                    Versions = OffsetRequests.OneGroup,
                    Read = (answer, _) => [(group, OffsetRequests.ReadFetchOne(answer))],
                },
                cancellation).SoleAsync();
        }
    }

    /// <summary>Commits offsets for a group without members.</summary>
    /// <remarks>A group that has members refuses with <see cref="ErrorCode.UnknownMemberId"/>.</remarks>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome>> AlterOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets,
        CancellationToken cancellation = default) => await _calls.EachAsync(
            offsets.Keys,
            new ItemCall<TopicPartition, bool, OffsetCommitResponse>(
                new GroupRoute<TopicPartition>(_calls.Cluster, group),
                asked => OffsetRequests.Commit(group, asked, offsets),
                (answer, _) =>
                    from topic in answer.Topics
                    from partition in topic.Partitions
                    select (
                        new TopicPartition(topic.Name, partition.PartitionIndex), Items.Done(partition.ErrorCode)))
            {
                Versions = OffsetRequests.ByTopicName,
            },
            cancellation).PlainAsync();

    /// <summary>Forgets what a group has committed for some partitions (KIP-496).</summary>
    /// <remarks>Refused for topics that a member is subscribed to.</remarks>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome>> DeleteOffsetsAsync(
        string group, IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default) =>
        _calls.EachAsync(
            partitions,
            new ItemCall<TopicPartition, bool, OffsetDeleteResponse>(
                new GroupRoute<TopicPartition>(_calls.Cluster, group),
                asked => OffsetRequests.Delete(group, asked),
                (answer, asked) => answer.ErrorCode != ErrorCode.None
                    ? asked.Select(key => (key, Items.Done(answer.ErrorCode)))
                    : from topic in answer.Topics
                      from partition in topic.Partitions
                      select (
                          new TopicPartition(topic.Name, partition.PartitionIndex),
                          Items.Done(partition.ErrorCode))),
            cancellation).PlainAsync();

    /// <summary>Sends members of a classic group away (KIP-345); they may come back unless they are gone.</summary>
    public Task<IReadOnlyDictionary<MemberToRemove, Outcome>> RemoveMembersAsync(
        string group, IEnumerable<MemberToRemove> members, string? reason = null,
        CancellationToken cancellation = default) => _calls.EachAsync(
            members,
            new ItemCall<MemberToRemove, bool, LeaveGroupResponse>(
                new GroupRoute<MemberToRemove>(_calls.Cluster, group),
                asked => new LeaveGroupRequest
                {
                    GroupId = group,
                    Members = [.. asked.Select(member => new LeaveGroupRequest.MemberIdentity
                    {
                        MemberId = member.MemberId,
                        GroupInstanceId = member.InstanceId,
                        Reason = reason,
                    })],
                },
                (answer, asked) => answer.ErrorCode != ErrorCode.None
                    ? asked.Select(key => (key, Items.Done(answer.ErrorCode)))
                    : asked.Zip(answer.Members, (key, member) => (key, Items.Done(member.ErrorCode))))
            {
                Versions = GroupRequests.ManyLeaving,
            },
            cancellation).PlainAsync();

    private Task<IReadOnlyDictionary<string, Outcome<TValue>>> EachGroupAsync<TValue, TResponse>(
        IEnumerable<string> ids,
        Func<IReadOnlyList<string>, IApiMessage> ask,
        Func<TResponse, IEnumerable<(string, Outcome<TValue>)>> read,
        CancellationToken cancellation)
        where TResponse : class, IApiMessage => _calls.EachAsync(
            ids,
            new ItemCall<string, TValue, TResponse>(
                new CoordinatorRoute(_calls.Cluster, CoordinatorKind.Group), ask, (answer, _) => read(answer)),
            cancellation);
}
