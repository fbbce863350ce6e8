using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>
/// Brings requests about share groups to the shards that keep them, and lets their share partitions begin and end.
/// Any thread.
/// </summary>
/// <param name="follow">Watches over tasks that nobody waits for.</param>
internal sealed class ShareGroupCoordinator(
    GroupCoordinator groups, IShareState state, Action<Task> follow) : IMetadataSubscriber
{
    public async Task<ShareGroupHeartbeatResponse> HeartbeatAsync(
        ShareGroupHeartbeatRequest request, GroupClient client)
    {
        if (ShareHeartbeatChecks.Check(request) is { } refusal)
        {
            return new ShareGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };
        }

        Outcome<ShareHeartbeatAnswer> outcome = await groups.Run<ShareHeartbeatAnswer>(
            request.GroupId, (shard, reply) => shard.Shares.Heartbeat(request, client, reply));
        if (outcome.Value is not { } answer)
        {
            return new ShareGroupHeartbeatResponse { ErrorCode = outcome.Error };
        }

        if (answer.Missing.Count > 0)
        {
            // The member learns of its partitions with a later heartbeat, when their state is there.
            follow(BeginAsync(request.GroupId, answer.Missing, answer.MissingTopics));
        }

        return answer.Response;
    }

    public async Task<ShareGroupDescribeResponse.DescribedGroup> DescribeAsync(string groupId)
    {
        if (groupId.Length == 0)
        {
            return new ShareGroupDescribeResponse.DescribedGroup { ErrorCode = ErrorCode.InvalidGroupId };
        }

        Outcome<ShareGroupDescribeResponse.DescribedGroup> outcome =
            await groups.Run<ShareGroupDescribeResponse.DescribedGroup>(groupId, (shard, reply) => reply.Now(
                shard.Find(groupId) switch
                {
                    ShareGroup group => ShareDescriptions.Of(group, groups.Topics),
                    var other => new ShareGroupDescribeResponse.DescribedGroup
                    {
                        GroupId = groupId,
                        ErrorCode = ErrorCode.GroupIdNotFound,
                        ErrorMessage = other is null
                            ? $"Group {groupId} not found."
                            : $"Group {groupId} is not a share group.",
                    },
                }));
        return outcome.Value ?? new ShareGroupDescribeResponse.DescribedGroup
        {
            GroupId = groupId,
            ErrorCode = outcome.Error,
        };
    }

    /// <summary>
    /// Begins share partitions and writes down which have begun. An error for each that has not.
    /// </summary>
    public async Task<IReadOnlyDictionary<StateBeginning, StateAnswer>> BeginAsync(
        string groupId, IReadOnlyList<StateBeginning> wanted, IReadOnlyDictionary<Uuid, StateTopic> topics)
    {
        Task<StateAnswer>[] asked = [.. wanted.Select(beginning => state.InitializeAsync(
            new SharePartitionKey(groupId, beginning.Partition.TopicId, beginning.Partition.Partition),
            beginning.StateEpoch, beginning.StartOffset))];
        Dictionary<StateBeginning, StateAnswer> failed = [];
        for (int i = 0; i < asked.Length; i++)
        {
            StateAnswer answer = await asked[i];
            if (answer.Error != ErrorCode.None)
            {
                failed[wanted[i]] = answer;
            }
        }

        IReadOnlyDictionary<Uuid, StateTopic> missed = Pick(topics, [.. failed.Keys]);
        IReadOnlyDictionary<Uuid, StateTopic> begun =
            Pick(topics, [.. wanted.Where(beginning => !failed.ContainsKey(beginning))]);
        await groups.Run<ShareHeartbeatAnswer>(groupId, (shard, reply) =>
        {
            ShareHeartbeatAnswer done = new(new ShareGroupHeartbeatResponse());
            return shard.Find(groupId) is ShareGroup group
                ? reply.After([ShareRecords.States(groupId, group.States.Complete(begun).GiveUp(missed))], done)
                : reply.Now(done);
        });
        return failed;
    }

    /// <summary>
    /// Makes an empty share group ready to be deleted: its state goes first. None for groups of other kinds.
    /// </summary>
    public async Task<ErrorCode> ClearAsync(string groupId)
    {
        ErrorCode refused = ErrorCode.None;
        Outcome<StateDeletion> outcome = await groups.Run<StateDeletion>(groupId, (shard, reply) =>
        {
            if (shard.Find(groupId) is not ShareGroup group)
            {
                return reply.Now(StateDeletion.Nothing);
            }

            if (!group.IsEmpty)
            {
                refused = ErrorCode.NonEmptyGroup;
                return reply.Now(StateDeletion.Nothing);
            }

            StateDeletion deletion = StateDeletion.OfAll(group.States, groups.Topics);
            return deletion.Partitions.Count == 0
                ? reply.Now(deletion)
                : reply.After([ShareRecords.States(groupId, deletion.After)], deletion);
        });
        if (outcome.Value is not { } deletion || refused != ErrorCode.None)
        {
            return refused != ErrorCode.None ? refused : outcome.Error;
        }

        return await DeleteAsync(groupId, deletion);
    }

    /// <summary>Deletes state; the first error, if there is one.</summary>
    public async Task<ErrorCode> DeleteAsync(string groupId, StateDeletion deletion)
    {
        Task<StateAnswer>[] asked = [.. deletion.Partitions.Select(partition => state.DeleteAsync(
            new SharePartitionKey(groupId, partition.TopicId, partition.Partition)))];
        ErrorCode error = ErrorCode.None;
        foreach (Task<StateAnswer> task in asked)
        {
            StateAnswer answer = await task;
            error = error == ErrorCode.None ? answer.Error : error;
        }

        return error;
    }

    /// <summary>Topics that were deleted are forgotten.</summary>
    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.Topics.Deleted.Count == 0)
        {
            return;
        }

        HashSet<Uuid> deleted = [.. delta.Topics.Deleted.Values.Select(topic => topic.Id)];
        groups.Runtime.RunOnAll(shard => new Decision([.. shard.Groups.OfType<ShareGroup>()
            .Where(group => deleted.Any(topic => group.States.Knows(topic) || group.States.Deleting.ContainsKey(topic)))
            .Select(group => ShareRecords.States(group.Id, group.States.Forget(deleted)))]));
    }

    private static Dictionary<Uuid, StateTopic> Pick(
        IReadOnlyDictionary<Uuid, StateTopic> topics, IReadOnlyCollection<StateBeginning> beginnings) =>
        beginnings.GroupBy(beginning => beginning.Partition.TopicId).ToDictionary(
            topic => topic.Key,
            topic => topics[topic.Key] with
            {
                Partitions = [.. topic.Select(beginning => beginning.Partition.Partition)],
            });
}
