using System.Globalization;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// FindCoordinator v0-6: the leader of the partition that keeps a key's state. v1 transactions; v4 several keys; v6
/// share groups.
/// </summary>
/// <param name="served">The internal topics whose coordinators this cluster has; keys of others have none
/// available.</param>
internal sealed class FindCoordinatorHandler(
    Func<MetadataImage> image, InternalTopics topics, IReadOnlyCollection<string> served) : IRequestHandler
{
    private const short WithSeveralKeys = 4;
    private const short WithShareGroups = 6;
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;
    private const sbyte Share = 2;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer(context, (FindCoordinatorRequest)request));

    private FindCoordinatorResponse Answer(RequestContext context, FindCoordinatorRequest request)
    {
        FindCoordinatorResponse response = new();
        if (context.Version < WithSeveralKeys)
        {
            FindCoordinatorResponse.Coordinator found = Find(context, request.KeyType, request.Key);
            response.ErrorCode = found.ErrorCode;
            response.ErrorMessage = found.ErrorCode == ErrorCode.None
                ? ErrorCodes.KafkaName(ErrorCode.None)
                : ErrorCodes.Message(found.ErrorCode);
            (response.NodeId, response.Host, response.Port) = (found.NodeId, found.Host, found.Port);
            return response;
        }

        foreach (string key in request.CoordinatorKeys)
        {
            response.Coordinators.Add(Find(context, request.KeyType, key));
        }

        return response;
    }

    private FindCoordinatorResponse.Coordinator Find(RequestContext context, sbyte keyType, string key)
    {
        string? topic = keyType switch
        {
            Group => TopicNames.ConsumerOffsets,
            Transaction => TopicNames.TransactionState,
            Share when context.Version >= WithShareGroups && IsShareKey(key) => TopicNames.ShareGroupState,
            _ => null,
        };
        if (topic is null)
        {
            return None(
                key, ErrorCode.InvalidRequest, keyType == Share ? "" : ErrorCodes.Message(ErrorCode.InvalidRequest));
        }

        MetadataImage now = image();
        if (!served.Contains(topic))
        {
            return None(key, ErrorCode.CoordinatorNotAvailable);
        }

        if (!now.Topics.TryGet(topic, out TopicImage? state))
        {
            topics.Create(topic, context);
            return None(key, ErrorCode.CoordinatorNotAvailable);
        }

        int partition = CoordinatorPartition.Of(key, state.Partitions.Count);
        return state.Partitions.TryGetValue(partition, out PartitionRegistration? registration)
            && now.Cluster.Broker(registration.Leader) is { IsFenced: false } leader
            && leader.Listeners.TryGetValue(context.ListenerName, out ListenerEndpoint? endpoint)
            ? new FindCoordinatorResponse.Coordinator
            {
                Key = key,
                NodeId = leader.Id,
                Host = endpoint.Host,
                Port = endpoint.Port,
                ErrorMessage = "",
            }
            : None(key, ErrorCode.CoordinatorNotAvailable);
    }

    private static FindCoordinatorResponse.Coordinator None(
        string key, ErrorCode error, string? message = "") => new()
        {
            Key = key,
            NodeId = -1,
            Host = "",
            Port = -1,
            ErrorCode = error,
            ErrorMessage = message,
        };

    /// <summary>group:topic id:partition</summary>
    private static bool IsShareKey(string key)
    {
        string[] parts = key.Split(':');
        return parts.Length >= 3 && string.Join(':', parts[..^2]).Length > 0 && Uuid.TryParse(parts[^2], out _)
            && int.TryParse(parts[^1], CultureInfo.InvariantCulture, out int partition) && partition >= 0;
    }
}
