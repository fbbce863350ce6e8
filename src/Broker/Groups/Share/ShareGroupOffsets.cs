using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>The offsets of share groups, as tools see and change them. Any thread.</summary>
internal sealed class ShareGroupOffsets(
    GroupCoordinator groups, ShareGroupCoordinator shares, IShareState state, PartitionEnds ends)
{
    private const string NothingToDelete = "There is no offset information to delete.";

    /// <summary>The start offsets and the lags of partitions.</summary>
    /// <param name="asked">Null for all that the group has state of.</param>
    public async Task<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup> DescribeAsync(
        string groupId, IReadOnlyList<(string Topic, IReadOnlyList<int> Partitions)>? asked)
    {
        DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup response = new() { GroupId = groupId };
        if (asked is null)
        {
            Outcome<StateDeletion> known = await groups.Run<StateDeletion>(groupId, (shard, reply) => reply.Now(
                new StateDeletion([], (shard.Find(groupId) as ShareGroup)?.States ?? StateTopics.None)));
            if (known.Value is null)
            {
                response.ErrorCode = known.Error;
                response.ErrorMessage = ErrorCodes.Message(known.Error);
                return response;
            }

            asked = [.. known.Value.After.Initialized.Values.Select(
                topic => (topic.Name, (IReadOnlyList<int>)[.. topic.Partitions]))];
        }

        foreach ((string name, IReadOnlyList<int> partitions) in asked)
        {
            DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic topic = new() { TopicName = name };
            if (groups.Topics.TryGet(name, out TopicImage? image))
            {
                topic.TopicId = image.Id;
                topic.Partitions.AddRange(await Task.WhenAll(
                    partitions.Select(index => DescribeAsync(groupId, image, index))));
            }
            else
            {
                // As Kafka has it: nothing is known of it, and that is no error.
                topic.Partitions.AddRange(partitions.Select(Unknown));
            }

            response.Topics.Add(topic);
        }

        return response;
    }

    /// <summary>Lets an empty group begin elsewhere.</summary>
    public async Task<AlterShareGroupOffsetsResponse> AlterAsync(AlterShareGroupOffsetsRequest request)
    {
        string groupId = request.GroupId;
        if (groupId.Length == 0)
        {
            return Refused(new HeartbeatRefusal(
                ErrorCode.InvalidGroupId, ErrorCodes.Message(ErrorCode.InvalidGroupId)));
        }

        HeartbeatRefusal? refusal = null;
        AlterShareGroupOffsetsResponse response = new();
        SortedDictionary<Uuid, StateTopic> topics = [];
        List<StateBeginning> wanted = [];
        Outcome<StateDeletion> outcome = await groups.Run<StateDeletion>(groupId, (shard, reply) =>
        {
            Group? found = shard.Find(groupId);
            refusal = WhyNotAlterable(found, groupId, mayBeNew: true);
            if (refusal is not null)
            {
                return reply.Now(StateDeletion.Nothing);
            }

            ShareGroup group = found as ShareGroup ?? new ShareGroup(groupId);
            Judge(request, group, response, topics, wanted);
            return reply.After(
                topics.Count > 0 ? [ShareRecords.States(groupId, group.States.Begin(topics))] : [],
                StateDeletion.Nothing);
        });
        if (outcome.Value is null || refusal is not null)
        {
            return Refused(refusal ?? new HeartbeatRefusal(outcome.Error, ErrorCodes.Message(outcome.Error)));
        }

        IReadOnlyDictionary<StateBeginning, StateAnswer> failed = wanted.Count > 0
            ? await shares.BeginAsync(groupId, wanted, topics)
            : new Dictionary<StateBeginning, StateAnswer>();
        foreach ((StateBeginning beginning, StateAnswer answer) in failed)
        {
            foreach (var partition in response.Responses
                .Where(topic => topic.TopicId == beginning.Partition.TopicId).SelectMany(topic => topic.Partitions)
                .Where(partition => partition.PartitionIndex == beginning.Partition.Partition))
            {
                partition.ErrorCode = answer.Error;
                partition.ErrorMessage = answer.Message;
            }
        }

        return response;
    }

    /// <summary>Forgets an empty group's offsets of topics.</summary>
    public async Task<DeleteShareGroupOffsetsResponse> DeleteAsync(DeleteShareGroupOffsetsRequest request)
    {
        string groupId = request.GroupId;
        DeleteShareGroupOffsetsResponse response = new();
        if (groupId.Length == 0)
        {
            response.ErrorCode = ErrorCode.InvalidGroupId;
            response.ErrorMessage = ErrorCodes.Message(ErrorCode.InvalidGroupId);
            return response;
        }

        HeartbeatRefusal? refusal = null;
        List<TopicImage> going = [];
        Outcome<StateDeletion> outcome = await groups.Run<StateDeletion>(groupId, (shard, reply) =>
        {
            Group? found = shard.Find(groupId);
            refusal = WhyNotAlterable(found, groupId, mayBeNew: false);
            return refusal is not null
                ? reply.Now(StateDeletion.Nothing)
                : Delete(request, (ShareGroup)found!, response, going, reply);
        });
        if (outcome.Value is not { } deletion || refusal is not null)
        {
            response.ErrorCode = refusal?.Error ?? outcome.Error;
            response.ErrorMessage = refusal?.Message ?? ErrorCodes.Message(outcome.Error);
            return response;
        }

        ErrorCode error = await shares.DeleteAsync(groupId, deletion);
        response.Responses.AddRange(going.Select(topic => Deleted(topic.Name, topic.Id, error, null)));
        if (error == ErrorCode.None && going.Count > 0)
        {
            await groups.Run<StateDeletion>(groupId, (shard, reply) => shard.Find(groupId) is ShareGroup group
                ? reply.After(
                    [ShareRecords.States(groupId, group.States with
                    {
                        Deleting = group.States.Deleting.RemoveRange(going.Select(topic => topic.Id)),
                    })],
                    StateDeletion.Nothing)
                : reply.Now(StateDeletion.Nothing));
        }

        return response;
    }

    private static HeartbeatRefusal? WhyNotAlterable(Group? found, string groupId, bool mayBeNew) => found switch
    {
        null when mayBeNew => null,
        null => new HeartbeatRefusal(ErrorCode.GroupIdNotFound, $"Group {groupId} not found."),
        not ShareGroup => new HeartbeatRefusal(
            ErrorCode.GroupIdNotFound, $"Group {groupId} is not a share group."),
        { IsEmpty: false } => new HeartbeatRefusal(
            ErrorCode.NonEmptyGroup, ErrorCodes.Message(ErrorCode.NonEmptyGroup)),
        _ => null,
    };

    private static AlterShareGroupOffsetsResponse Refused(HeartbeatRefusal refusal) =>
        new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };

    private static DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition Unknown(int index) =>
        new() { PartitionIndex = index, StartOffset = PersistedState.NoOffset };

    private static DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic Deleted(
        string name, Uuid id, ErrorCode error, string? message) => new()
        {
            TopicName = name,
            TopicId = id,
            ErrorCode = error,
            ErrorMessage = error == ErrorCode.None ? null : message ?? ErrorCodes.Message(error),
        };

    private async Task<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition> DescribeAsync(
        string groupId, TopicImage topic, int index)
    {
        StateAnswer answer = await state.SummarizeAsync(new SharePartitionKey(groupId, topic.Id, index));
        if (answer.Error != ErrorCode.None)
        {
            return Unknown(index);
        }

        PersistedState kept = answer.State!;
        DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition described = new()
        {
            PartitionIndex = index,
            StartOffset = kept.StartOffset,
            LeaderEpoch = kept.LeaderEpoch,
        };
        if (kept.StartOffset == PersistedState.NoOffset || kept.DeliveryCompleteCount == PersistedState.NoCount)
        {
            return described;
        }

        (ErrorCode error, long end) = await ends.LatestAsync(new TopicPartition(topic.Name, index));
        if (error != ErrorCode.None)
        {
            return new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition
            {
                PartitionIndex = index,
                ErrorCode = error,
                ErrorMessage = ErrorCodes.Message(error),
            };
        }

        described.Lag = end - kept.StartOffset - kept.DeliveryCompleteCount;
        return described;
    }

    /// <summary>What becomes of each part of a request, and which share partitions it begins.</summary>
    private void Judge(
        AlterShareGroupOffsetsRequest request, ShareGroup group, AlterShareGroupOffsetsResponse response,
        SortedDictionary<Uuid, StateTopic> topics, List<StateBeginning> wanted)
    {
        foreach (AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic asked in request.Topics)
        {
            bool isKnown = groups.Topics.TryGet(asked.TopicName, out TopicImage? topic);
            AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic answer =
                new() { TopicName = asked.TopicName, TopicId = topic?.Id ?? Uuid.Zero };
            foreach (var partition in asked.Partitions)
            {
                bool isThere = isKnown && topic!.Partitions.ContainsKey(partition.PartitionIndex);
                ErrorCode error = isThere ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition;
                answer.Partitions.Add(new AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                    ErrorMessage = isThere ? null : ErrorCodes.Message(error),
                });
                if (isThere)
                {
                    wanted.Add(new StateBeginning(
                        new TopicIdPartition(topic!.Id, partition.PartitionIndex), group.Epoch,
                        partition.StartOffset));
                }
            }

            if (isKnown && answer.Partitions.Exists(static partition => partition.ErrorCode == ErrorCode.None))
            {
                topics[topic!.Id] = new StateTopic(
                    topic.Name,
                    [.. asked.Partitions.Select(partition => partition.PartitionIndex)
                        .Where(topic.Partitions.ContainsKey)],
                    0);
            }

            response.Responses.Add(answer);
        }
    }

    private Decision Delete(
        DeleteShareGroupOffsetsRequest request, ShareGroup group, DeleteShareGroupOffsetsResponse response,
        List<TopicImage> going, Reply<StateDeletion> reply)
    {
        StateTopics after = group.States;
        List<TopicIdPartition> partitions = [];
        foreach (DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic asked in request.Topics)
        {
            bool isKnown = groups.Topics.TryGet(asked.TopicName, out TopicImage? topic);
            if (isKnown && StateDeletion.OfTopic(after, topic!) is { } found)
            {
                partitions.AddRange(found);
                going.Add(topic!);
                after = after with
                {
                    Initialized = after.Initialized.Remove(topic!.Id),
                    Deleting = after.Deleting.SetItem(topic.Id, topic.Name),
                };
            }
            else
            {
                response.Responses.Add(Deleted(
                    asked.TopicName, Uuid.Zero, ErrorCode.UnknownTopicOrPartition,
                    isKnown ? NothingToDelete : null));
            }
        }

        return reply.After(
            going.Count > 0 ? [ShareRecords.States(group.Id, after)] : [], new StateDeletion(partitions, after));
    }
}
