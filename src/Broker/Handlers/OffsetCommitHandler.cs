using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Network;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// OffsetCommit v2-10. v2-4 carry a retention; v6 leader epochs; v7 static members; v9 member epochs (KIP-848); v10
/// topic ids.
/// </summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups, Func<MetadataImage> image) : IRequestHandler
{
    private const short WithTopicIds = 10;
    private const short LastWithRetention = 4;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var commit = (OffsetCommitRequest)request;
        OffsetCommitResponse response = new();
        List<PartitionCommit> commits = [];
        List<OffsetCommitResponse.OffsetCommitResponsePartition> open = [];
        if (commit.GroupId.Length == 0)
        {
            Answer(commit, response, (_, _) => ErrorCode.InvalidGroupId);
            return response;
        }

        MetadataImage now = image();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in commit.Topics)
        {
            OffsetCommitResponse.OffsetCommitResponseTopic answer =
                new() { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(answer);
            TopicImage? known = Find(now, topic, context.Version);
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions)
            {
                OffsetCommitResponse.OffsetCommitResponsePartition result =
                    new() { PartitionIndex = partition.PartitionIndex };
                answer.Partitions.Add(result);
                if (known is null || !known.Partitions.ContainsKey(partition.PartitionIndex))
                {
                    result.ErrorCode = known is null && context.Version >= WithTopicIds
                        ? ErrorCode.UnknownTopicId
                        : ErrorCode.UnknownTopicOrPartition;
                    continue;
                }

                open.Add(result);
                commits.Add(new PartitionCommit(
                    new TopicPartition(known.Name, partition.PartitionIndex), known.Id, partition.CommittedOffset,
                    partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? ""));
            }
        }

        if (open.Count > 0 || commit.Topics.Count == 0)
        {
            await CommitAsync(context, commit, commits, open);
        }

        return response;
    }

    private async Task CommitAsync(
        RequestContext context, OffsetCommitRequest commit, List<PartitionCommit> commits,
        List<OffsetCommitResponse.OffsetCommitResponsePartition> open)
    {
        CommitOrigin origin = new(
            commit.MemberId, commit.GroupInstanceId, commit.GenerationIdOrMemberEpoch, false, context.Version);
        (ErrorCode error, IReadOnlyList<ErrorCode> byPartition) = await groups.CommitAsync(
            commit.GroupId, origin, commits, context.Version <= LastWithRetention ? commit.RetentionTimeMs : -1, null);
        for (int i = 0; i < open.Count; i++)
        {
            open[i].ErrorCode = error == ErrorCode.None ? byPartition[i] : error;
        }
    }

    private static TopicImage? Find(
        MetadataImage now, OffsetCommitRequest.OffsetCommitRequestTopic topic, short version)
    {
        TopicImage? known;
        return version >= WithTopicIds
            ? now.Topics.TryGet(topic.TopicId, out known) ? known : null
            : now.Topics.TryGet(topic.Name, out known) ? known : null;
    }

    private static void Answer(
        OffsetCommitRequest commit, OffsetCommitResponse response, Func<string, int, ErrorCode> error)
    {
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in commit.Topics)
        {
            response.Topics.Add(new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
                Partitions = [.. topic.Partitions.Select(
                    partition => new OffsetCommitResponse.OffsetCommitResponsePartition
                    {
                        PartitionIndex = partition.PartitionIndex,
                        ErrorCode = error(topic.Name, partition.PartitionIndex),
                    })],
            });
        }
    }
}
