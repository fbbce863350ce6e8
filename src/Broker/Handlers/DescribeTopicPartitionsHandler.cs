using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeTopicPartitions v0 (KIP-966): topics in the order of their names, in pages.</summary>
internal sealed class DescribeTopicPartitionsHandler(Func<MetadataImage> image, int maxPartitions) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer(context, (DescribeTopicPartitionsRequest)request));

    private DescribeTopicPartitionsResponse Answer(RequestContext context, DescribeTopicPartitionsRequest request)
    {
        ListenerView view = new(image(), context.ListenerName);
        if (WhyRefused(request) is { } error)
        {
            return Refuse(request, error);
        }

        DescribeTopicPartitionsResponse response = new();
        IEnumerable<string> names = request.Topics.Count > 0
            ? request.Topics.Select(topic => topic.Name).Distinct().Order(StringComparer.Ordinal)
            : view.Image.Topics.ByName.Keys;
        string? startTopic = request.Cursor?.TopicName;
        int left = Math.Max(1, Math.Min(maxPartitions, request.ResponsePartitionLimit));
        foreach (string name in names)
        {
            if (string.CompareOrdinal(name, startTopic) < 0)
            {
                continue;
            }

            int firstPartition = name == startTopic ? Math.Max(0, request.Cursor!.PartitionIndex) : 0;
            if (left == 0)
            {
                response.NextCursor = CursorAt(name, firstPartition);
                break;
            }

            if (!view.Image.Topics.TryGet(name, out TopicImage? topic))
            {
                if (request.Topics.Count > 0)
                {
                    response.Topics.Add(Missing(name));
                }

                continue;
            }

            if (AddTopic(response, view, topic, firstPartition, ref left) is { } nextPartition)
            {
                response.NextCursor = CursorAt(name, nextPartition);
                break;
            }
        }

        return response;
    }

    private static DescribeTopicPartitionsResponse.Cursor CursorAt(string topic, int partition) =>
        new() { TopicName = topic, PartitionIndex = partition };

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Missing(string name) => new()
    {
        ErrorCode = ErrorCode.UnknownTopicOrPartition,
        Name = name,
        IsInternal = TopicNames.IsInternal(name),
        TopicAuthorizedOperations = AuthorizedOperations.OfTopic,
    };

    /// <summary>
    /// An impossible cursor is an invalid request; one name that no topic can have fails all of them, as in Kafka.
    /// </summary>
    private static ErrorCode? WhyRefused(DescribeTopicPartitionsRequest request)
    {
        if (request.Topics.Exists(topic => !TopicNames.IsValid(topic.Name)))
        {
            return ErrorCode.UnknownServerError;
        }

        bool isPossible = request.Cursor is not { } cursor
            || (cursor.PartitionIndex >= 0 && (request.Topics.Count == 0
                || request.Topics.Exists(topic => string.CompareOrdinal(topic.Name, cursor.TopicName) >= 0)));
        return isPossible ? null : ErrorCode.InvalidRequest;
    }

    private static DescribeTopicPartitionsResponse Refuse(DescribeTopicPartitionsRequest request, ErrorCode error)
    {
        DescribeTopicPartitionsResponse response = new();
        foreach (DescribeTopicPartitionsRequest.TopicRequest topic in request.Topics)
        {
            response.Topics.Add(new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
            {
                ErrorCode = error,
                Name = topic.Name,
            });
        }

        return response;
    }

    /// <summary>The partition to go on with where the page is full; null when the topic is told completely.</summary>
    private static int? AddTopic(
        DescribeTopicPartitionsResponse response, ListenerView view, TopicImage topic, int firstPartition, ref int left)
    {
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic described = new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = TopicNames.IsInternal(topic.Name),
            TopicAuthorizedOperations = AuthorizedOperations.OfTopic,
        };
        response.Topics.Add(described);
        foreach ((int index, PartitionRegistration partition) in topic.Partitions)
        {
            if (index < firstPartition)
            {
                continue;
            }

            if (left == 0)
            {
                return index;
            }

            left--;
            PartitionView told = view.Partition(partition, namesMissingListener: true, hidesUnreachable: false);
            described.Partitions.Add(new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition
            {
                ErrorCode = told.Error,
                PartitionIndex = index,
                LeaderId = told.Leader,
                LeaderEpoch = partition.LeaderEpoch,
                ReplicaNodes = told.Replicas,
                IsrNodes = told.Isr,
                EligibleLeaderReplicas = [.. partition.Elr],
                LastKnownElr = [.. partition.LastKnownElr],
                OfflineReplicas = told.Offline,
            });
        }

        return null;
    }
}
