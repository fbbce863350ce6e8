using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups;

/// <summary>What tools ask of groups: lists, descriptions, deletions. Any thread.</summary>
internal sealed class GroupAdmin(GroupCoordinator coordinator)
{
    private const short WithMissingGroups = 6;

    public async Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync(string groupId, short version)
    {
        Outcome<DescribeGroupsResponse.DescribedGroup> outcome =
            await coordinator.Run<DescribeGroupsResponse.DescribedGroup>(groupId, (shard, reply) => reply.Now(
                shard.Find(groupId) is var found && found is ClassicGroup group
                    ? Describe(group)
                    : Missing(groupId, found, version)));
        return outcome.Value ?? new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = groupId,
            ErrorCode = outcome.Error,
        };
    }

    public async Task<ConsumerGroupDescribeResponse.DescribedGroup> DescribeConsumerAsync(string groupId)
    {
        if (!coordinator.ServesConsumerProtocol || groupId.Length == 0)
        {
            return new ConsumerGroupDescribeResponse.DescribedGroup
            {
                GroupId = groupId,
                ErrorCode = groupId.Length == 0 ? ErrorCode.InvalidGroupId : ErrorCode.UnsupportedVersion,
            };
        }

        Outcome<ConsumerGroupDescribeResponse.DescribedGroup> outcome =
            await coordinator.Run<ConsumerGroupDescribeResponse.DescribedGroup>(groupId, (shard, reply) => reply.Now(
                shard.Find(groupId) switch
                {
                    ConsumerGroup group => ConsumerDescriptions.Of(
                        group, coordinator.Settings.ConsumerAssignors[0], coordinator.Topics),
                    var other => new ConsumerGroupDescribeResponse.DescribedGroup
                    {
                        GroupId = groupId,
                        ErrorCode = ErrorCode.GroupIdNotFound,
                        ErrorMessage = other is null
                            ? $"Group {groupId} not found."
                            : $"Group {groupId} is not a consumer group.",
                    },
                }));
        return outcome.Value ?? new ConsumerGroupDescribeResponse.DescribedGroup
        {
            GroupId = groupId,
            ErrorCode = outcome.Error,
        };
    }

    /// <summary>The groups of all shards of this node; an error only when one is still loading.</summary>
    /// <param name="states">Empty for all; in whatever case.</param>
    public async Task<ListGroupsResponse> ListAsync(IReadOnlyList<string> states, IReadOnlyList<string> types)
    {
        ListGroupsResponse response = new();
        foreach (int partition in coordinator.Runtime.ActivePartitions)
        {
            Outcome<List<ListGroupsResponse.ListedGroup>> outcome =
                await coordinator.Runtime.Run<List<ListGroupsResponse.ListedGroup>>(
                    partition, (shard, reply) => reply.Now(List(shard, states, types)));
            response.Groups.AddRange(outcome.Value ?? []);
        }

        if (coordinator.Runtime.IsLoading)
        {
            response.ErrorCode = ErrorCode.CoordinatorLoadInProgress;
            response.Groups.Clear();
        }

        return response;
    }

    /// <summary>What a group keeps elsewhere, and has to go before the group does; an error keeps the group.</summary>
    public Func<string, Task<ErrorCode>> ClearAsync { get; init; } = _ => Task.FromResult(ErrorCode.None);

    public async Task<ErrorCode> DeleteAsync(string groupId)
    {
        if (await ClearAsync(groupId) is var refused && refused != ErrorCode.None)
        {
            return refused;
        }

        Outcome<CommitOutcome> outcome = await coordinator.Run<CommitOutcome>(groupId, (shard, reply) =>
        {
            ErrorCode error = shard.Find(groupId) switch
            {
                null => ErrorCode.GroupIdNotFound,
                ClassicGroup { State: ClassicState.Dead } => ErrorCode.GroupIdNotFound,
                { IsEmpty: false } => ErrorCode.NonEmptyGroup,
                _ => ErrorCode.None,
            };
            return error == ErrorCode.None
                ? reply.After(
                    [.. shard.Offsets.Tombstones(groupId), .. shard.Find(groupId)!.Tombstones()],
                    new CommitOutcome([ErrorCode.None]))
                : reply.Now(new CommitOutcome([error]));
        });
        return outcome.Value?.Errors[0] ?? outcome.Error;
    }

    /// <summary>Deletes a group's offsets of partitions; an error for the whole group, or one for each.</summary>
    public async Task<(ErrorCode Error, IReadOnlyList<ErrorCode> ByPartition)> DeleteOffsetsAsync(
        string groupId, IReadOnlyList<TopicPartition> partitions)
    {
        if (groupId.Length == 0)
        {
            return (ErrorCode.InvalidGroupId, []);
        }

        ErrorCode refused = ErrorCode.None;
        Outcome<CommitOutcome> outcome = await coordinator.Run<CommitOutcome>(groupId, (shard, reply) =>
        {
            Group? group = shard.Find(groupId);
            refused = group?.CheckOffsetDelete() ?? ErrorCode.GroupIdNotFound;
            if (refused != ErrorCode.None)
            {
                reply.Fail(refused);
                return Decision.Nothing;
            }

            ErrorCode[] errors = [.. partitions.Select(partition => group!.IsSubscribedTo(partition.Topic)
                ? ErrorCode.GroupSubscribedToTopic
                : ErrorCode.None)];
            return reply.After(
                [.. partitions.Where((partition, i) => errors[i] == ErrorCode.None
                    && (shard.Offsets.Get(groupId, partition) is not null
                        || shard.Offsets.IsPending(groupId, partition)))
                    .Distinct().Select(partition => OffsetStore.Tombstone(groupId, partition))],
                new CommitOutcome(errors));
        });
        return outcome.Value is { } value ? (ErrorCode.None, value.Errors) : (outcome.Error, []);
    }

    private static DescribeGroupsResponse.DescribedGroup Describe(ClassicGroup group)
    {
        bool isStable = group.State == ClassicState.Stable;
        return new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = group.Id,
            GroupState = group.StateName,
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = isStable ? group.ProtocolName ?? "" : "",
            Members = [.. group.Members.Select(member => new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = isStable ? member.MetadataFor(group.ProtocolName) : default,
                MemberAssignment = member.Assignment,
            })],
        };
    }

    private static DescribeGroupsResponse.DescribedGroup Missing(string groupId, Group? other, short version)
    {
        DescribeGroupsResponse.DescribedGroup described =
            new() { GroupId = groupId, GroupState = nameof(ClassicState.Dead) };
        if (version >= WithMissingGroups)
        {
            described.ErrorCode = ErrorCode.GroupIdNotFound;
            described.ErrorMessage = other is null
                ? $"Group {groupId} not found."
                : $"Group {groupId} is not a classic group.";
        }

        return described;
    }

    private static List<ListGroupsResponse.ListedGroup> List(
        GroupShard shard, IReadOnlyList<string> states, IReadOnlyList<string> types)
    {
        return [.. shard.Groups
            .Where(group => (states.Count == 0 || states.Contains(group.StateFilter, StringComparer.OrdinalIgnoreCase))
                && (types.Count == 0 || types.Contains(group.Type, StringComparer.OrdinalIgnoreCase)))
            .Select(group => new ListGroupsResponse.ListedGroup
            {
                GroupId = group.Id,
                ProtocolType = group.ProtocolTypeName,
                GroupState = group.StateName,
                GroupType = group.Type,
            })];
    }
}
