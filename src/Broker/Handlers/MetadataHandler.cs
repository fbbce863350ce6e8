using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Metadata v0-13. v1 controller, racks, null for all topics; v2 cluster id; v4 auto creation by the client's wish; v5
/// offline replicas; v6 LISTENER_NOT_FOUND; v7 leader epochs; v8 authorized operations; v10 topic ids in the answer,
/// v12 in the request; v13 an error of the whole.
/// </summary>
internal sealed class MetadataHandler(
    Func<MetadataImage> image, string clusterId, int nodeId, TopicAutoCreator creator) : IRequestHandler
{
    private const short WithNullForAll = 1;
    private const short WithListenerNotFound = 6;
    private const short WithAuthorizedOperations = 8;
    private const short WithTopicIds = 10;
    private const short WithoutNames = 12;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer(context, (MetadataRequest)request));

    private MetadataResponse Answer(RequestContext context, MetadataRequest request)
    {
        if (WhyRefused(context.Version, request) is { } error)
        {
            return new MetadataResponse
            {
                ErrorCode = error,
                Topics = request.Topics!.ConvertAll(topic => Refused(topic.Name ?? "", topic.TopicId, error)),
            };
        }

        ListenerView view = new(image(), context.ListenerName);
        MetadataResponse response = new()
        {
            ClusterId = clusterId,
            ControllerId = AnyBroker(view.Image, nodeId) ?? -1,
        };
        foreach ((BrokerRegistration broker, ListenerEndpoint endpoint) in view.AliveBrokers())
        {
            response.Brokers.Add(new MetadataResponse.MetadataResponseBroker
            {
                NodeId = broker.Id,
                Host = endpoint.Host,
                Port = endpoint.Port,
                Rack = broker.Rack,
            });
        }

        if (context.Version >= WithAuthorizedOperations && request.IncludeClusterAuthorizedOperations)
        {
            response.ClusterAuthorizedOperations = AuthorizedOperations.OfCluster;
        }

        if (request.Topics is not { } wanted || (wanted.Count == 0 && context.Version < WithNullForAll))
        {
            foreach (TopicImage topic in view.Image.Topics.InNameOrder)
            {
                response.Topics.Add(Describe(view, topic, context.Version));
            }
        }
        else
        {
            AddWanted(view, request, wanted, response, context);
        }

        if (request.IncludeTopicAuthorizedOperations)
        {
            foreach (MetadataResponse.MetadataResponseTopic topic in response.Topics)
            {
                topic.TopicAuthorizedOperations = AuthorizedOperations.OfTopic;
            }
        }

        return response;
    }

    /// <summary>
    /// Ids and missing names only where the version has them; a topic with neither is more than Kafka can say why.
    /// </summary>
    private static ErrorCode? WhyRefused(short version, MetadataRequest request)
    {
        if (request.Topics is not { } topics)
        {
            return null;
        }

        if (version < WithoutNames)
        {
            return topics.Exists(topic => topic.Name is null || !topic.TopicId.IsZero)
                ? ErrorCode.InvalidRequest
                : null;
        }

        return topics.Exists(topic => topic.Name is null && topic.TopicId.IsZero)
            ? ErrorCode.UnknownServerError
            : null;
    }

    private void AddWanted(
        ListenerView view, MetadataRequest request, List<MetadataRequest.MetadataRequestTopic> wanted,
        MetadataResponse response, RequestContext context)
    {
        List<string> missing = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (MetadataRequest.MetadataRequestTopic topic in wanted)
        {
            bool isById = !topic.TopicId.IsZero;
            if (isById)
            {
                response.Topics.Add(view.Image.Topics.TryGet(topic.TopicId, out TopicImage? known)
                    ? Describe(view, known, context.Version)
                    : Refused(null, topic.TopicId, ErrorCode.UnknownTopicId));
            }
            else if (topic.Name is { } name && seen.Add(name))
            {
                if (view.Image.Topics.TryGet(name, out TopicImage? known))
                {
                    response.Topics.Add(Describe(view, known, context.Version));
                }
                else
                {
                    missing.Add(name);
                }
            }
        }

        foreach (string name in missing)
        {
            response.Topics.Add(Refused(name, Uuid.Zero, TopicNames.IsValid(name)
                ? ErrorCode.UnknownTopicOrPartition
                : ErrorCode.InvalidTopic));
        }

        if (request.AllowAutoTopicCreation)
        {
            creator.Create(missing.Where(TopicNames.IsValid), context);
        }
    }

    /// <summary>Any alive broker will do as the controller: it passes on what only that one may decide.</summary>
    public static int? AnyBroker(MetadataImage image, int preferredId)
    {
        if (image.Cluster.Broker(preferredId) is { IsFenced: false })
        {
            return preferredId;
        }

        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            if (!broker.IsFenced)
            {
                return broker.Id;
            }
        }

        return null;
    }

    private static MetadataResponse.MetadataResponseTopic Refused(string? name, Uuid id, ErrorCode error) => new()
    {
        ErrorCode = error,
        Name = name,
        TopicId = id,
        IsInternal = name is not null && TopicNames.IsInternal(name),
    };

    private static MetadataResponse.MetadataResponseTopic Describe(ListenerView view, TopicImage topic, short version)
    {
        MetadataResponse.MetadataResponseTopic described = new()
        {
            Name = topic.Name,
            TopicId = version >= WithTopicIds ? topic.Id : Uuid.Zero,
            IsInternal = TopicNames.IsInternal(topic.Name),
        };
        described.Partitions.Capacity = topic.Partitions.Count;
        foreach ((int index, PartitionRegistration partition) in topic.Partitions)
        {
            PartitionView told = view.Partition(partition, version >= WithListenerNotFound, version == 0);
            described.Partitions.Add(new MetadataResponse.MetadataResponsePartition
            {
                ErrorCode = told.Error,
                PartitionIndex = index,
                LeaderId = told.Leader,
                LeaderEpoch = partition.LeaderEpoch,
                ReplicaNodes = told.Replicas,
                IsrNodes = told.Isr,
                OfflineReplicas = told.Offline,
            });
        }

        return described;
    }
}
