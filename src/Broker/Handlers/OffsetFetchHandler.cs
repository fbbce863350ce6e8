using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Network;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// OffsetFetch v1-10. v2 all topics; v5 leader epochs; v7 stable offsets only, where asked (KIP-447); v8 several
/// groups; v9 member epochs (KIP-848); v10 topic ids.
/// </summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups, Func<MetadataImage> image) : IRequestHandler
{
    private const short WithGroupError = 2;
    private const short WithSeveralGroups = 8;
    private const short WithTopicIds = 10;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var fetch = (OffsetFetchRequest)request;
        if (context.Version < WithSeveralGroups)
        {
            return await SingleAsync(fetch, context.Version);
        }

        OffsetFetchResponse response = new();
        foreach (OffsetFetchRequest.OffsetFetchRequestGroup group in fetch.Groups)
        {
            response.Groups.Add(await GroupAsync(group, fetch.RequireStable, context.Version));
        }

        return response;
    }

    private async Task<OffsetFetchResponse> SingleAsync(OffsetFetchRequest fetch, short version)
    {
        List<TopicPartition>? partitions = fetch.Topics is { } topics
            ? [.. topics.SelectMany(topic => topic.PartitionIndexes.Select(
                index => new TopicPartition(topic.Name, index)))]
            : null;
        OffsetAnswer answer = await groups.FetchAsync(new OffsetQuery(
            fetch.GroupId, null, -1, partitions?.ConvertAll(partition => (partition, default(Uuid))),
            fetch.RequireStable));
        OffsetFetchResponse response = new();
        if (answer.Error != ErrorCode.None)
        {
            response.ErrorCode = answer.Error;
            if (version >= WithGroupError)
            {
                return response;
            }

            answer = new OffsetAnswer(answer.Error, [.. (partitions ?? []).Select(
                partition => new OffsetAnswer.PartitionOffset(partition, -1, -1, "", answer.Error))]);
        }

        foreach (IGrouping<string, OffsetAnswer.PartitionOffset> topic in
            answer.Offsets.GroupBy(offset => offset.Partition.Topic))
        {
            response.Topics.Add(new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(offset => new OffsetFetchResponse.OffsetFetchResponsePartition
                {
                    PartitionIndex = offset.Partition.Partition,
                    CommittedOffset = offset.Offset,
                    CommittedLeaderEpoch = offset.LeaderEpoch,
                    Metadata = offset.Metadata,
                    ErrorCode = offset.Error,
                })],
            });
        }

        return response;
    }

    private async Task<OffsetFetchResponse.OffsetFetchResponseGroup> GroupAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable, short version)
    {
        TopicsImage topics = image().Topics;
        OffsetFetchResponse.OffsetFetchResponseGroup response = new() { GroupId = group.GroupId };
        List<(TopicPartition Partition, Uuid TopicId)>? partitions = group.Topics is null ? null : [];
        List<OffsetFetchResponse.OffsetFetchResponseTopics> unknown = [];
        foreach (OffsetFetchRequest.OffsetFetchRequestTopics topic in group.Topics ?? [])
        {
            string name = topic.Name;
            if (version >= WithTopicIds)
            {
                if (!topics.TryGet(topic.TopicId, out TopicImage? known))
                {
                    unknown.Add(Unknown(topic));
                    continue;
                }

                name = known.Name;
            }

            partitions!.AddRange(topic.PartitionIndexes.Select(
                index => (new TopicPartition(name, index), version >= WithTopicIds ? topic.TopicId : default)));
        }

        OffsetAnswer answer = await groups.FetchAsync(
            new OffsetQuery(group.GroupId, group.MemberId, group.MemberEpoch, partitions, requireStable));
        if (answer.Error != ErrorCode.None)
        {
            response.ErrorCode = answer.Error;
            return response;
        }

        foreach (IGrouping<string, OffsetAnswer.PartitionOffset> topic in
            answer.Offsets.GroupBy(offset => offset.Partition.Topic))
        {
            TopicImage? known = topics.TryGet(topic.Key, out TopicImage? found) ? found : null;
            if (known is not null || version < WithTopicIds)
            {
                response.Topics.Add(Answer(topic, known?.Id ?? default));
            }
        }

        response.Topics.AddRange(unknown);
        return response;
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics Answer(
        IGrouping<string, OffsetAnswer.PartitionOffset> topic, Uuid topicId) => new()
        {
            Name = topic.Key,
            TopicId = topicId,
            Partitions = [.. topic.Select(offset => new OffsetFetchResponse.OffsetFetchResponsePartitions
            {
                PartitionIndex = offset.Partition.Partition,
                CommittedOffset = offset.Offset,
                CommittedLeaderEpoch = offset.LeaderEpoch,
                Metadata = offset.Metadata,
                ErrorCode = offset.Error,
            })],
        };

    private static OffsetFetchResponse.OffsetFetchResponseTopics Unknown(
        OffsetFetchRequest.OffsetFetchRequestTopics topic) => new()
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.PartitionIndexes.Select(
                index => new OffsetFetchResponse.OffsetFetchResponsePartitions
                {
                    PartitionIndex = index,
                    CommittedOffset = -1,
                    Metadata = "",
                    ErrorCode = ErrorCode.UnknownTopicId,
                })],
        };
}
