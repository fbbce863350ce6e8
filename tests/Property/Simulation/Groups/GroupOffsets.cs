using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>OffsetCommit and OffsetFetch of one group's client.</summary>
internal sealed class GroupOffsets(
    SimClient client, CoordinatorFinder finder, ClusterView view, ClientHistory history, string group)
{
    private const short FirstCommitWithIds = 10;
    private const short FirstCommitOfMemberEpochs = 9;
    private const short FirstFetchWithGroups = 8;
    private const short FirstFetchWithIds = 10;
    private const short FirstFetchWithStable = 7;

    /// <summary>The answer, which the commit's record is told; null for none.</summary>
    public async Task<ErrorCode?> CommitAsync(GroupIdentity identity, OffsetCommit commit)
    {
        var topic = new OffsetCommitRequest.OffsetCommitRequestTopic
        {
            Partitions =
            [
                new OffsetCommitRequest.OffsetCommitRequestPartition
                {
                    PartitionIndex = commit.Partition.Partition,
                    CommittedOffset = commit.Offset,
                    CommittedMetadata = "",
                },
            ],
        };
        var request = new OffsetCommitRequest
        {
            GroupId = group,
            MemberId = identity.MemberId,
            GenerationIdOrMemberEpoch = identity.Epoch,
            GroupInstanceId = identity.InstanceId,
            Topics = [topic],
        };
        short version = client.AnyVersion(request, FirstCommitOfMemberEpochs);
        if (version >= FirstCommitWithIds && view.TopicId(commit.Partition.Topic) is { } id)
        {
            topic.TopicId = id;
        }
        else
        {
            version = FirstCommitOfMemberEpochs;
            topic.Name = commit.Partition.Topic;
        }

        IApiMessage? answer = await finder.AskAsync(request, version, "group");
        if (answer is not OffsetCommitResponse { Topics: [{ Partitions: [{ ErrorCode: var error }] }] })
        {
            return null;
        }

        if (error == ErrorCode.None)
        {
            commit.Acknowledge();
        }
        else if (!finder.IsMisplaced(error) && !ErrorCodes.IsRetriable(error))
        {
            commit.Refuse();
        }

        return error;
    }

    /// <summary>What the group has committed, -1 for nothing; null while it cannot be told.</summary>
    public async Task<long?> FetchAsync(PartitionId partition)
    {
        OffsetFetchRequest request = Request(partition, out short version);
        long askedAt = history.Operations.Now;
        IApiMessage? answer = await finder.AskAsync(request, version, "group");
        (ErrorCode error, long offset)? told = answer switch
        {
            OffsetFetchResponse { Groups: [{ Topics: [{ Partitions: [var found] }] }] } =>
                (found.ErrorCode, found.CommittedOffset),
            OffsetFetchResponse { Groups: [var found] } => (found.ErrorCode, -1),
            OffsetFetchResponse { Topics: [{ Partitions: [var found] }] } =>
                (found.ErrorCode, found.CommittedOffset),
            OffsetFetchResponse old => (old.ErrorCode, -1),
            _ => null,
        };
        if (told is not { } known)
        {
            return null;
        }

        if (known.error != ErrorCode.None)
        {
            bool isOdd = !finder.IsMisplaced(known.error) && !ErrorCodes.IsRetriable(known.error);
            if (isOdd)
            {
                history.Anomalies.Add($"OffsetFetch of {group} is answered {known.error}");
            }

            return null;
        }

        history.Operations.Fetched(group, partition, known.offset, askedAt);
        return known.offset;
    }

    private OffsetFetchRequest Request(PartitionId partition, out short version)
    {
        var request = new OffsetFetchRequest { RequireStable = true };
        version = client.AnyVersion(request, FirstFetchWithStable);
        if (version >= FirstFetchWithIds && view.TopicId(partition.Topic) is null)
        {
            version = FirstFetchWithIds - 1;
        }

        if (version < FirstFetchWithGroups)
        {
            request.GroupId = group;
            request.Topics =
            [
                new OffsetFetchRequest.OffsetFetchRequestTopic
                {
                    Name = partition.Topic,
                    PartitionIndexes = [partition.Partition],
                },
            ];
            return request;
        }

        var topic = new OffsetFetchRequest.OffsetFetchRequestTopics { PartitionIndexes = [partition.Partition] };
        if (version >= FirstFetchWithIds)
        {
            topic.TopicId = view.TopicId(partition.Topic)!.Value;
        }
        else
        {
            topic.Name = partition.Topic;
        }

        request.Groups = [new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [topic] }];
        return request;
    }
}
