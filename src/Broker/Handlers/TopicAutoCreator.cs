using System.Collections.Concurrent;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Creates topics that a client asked for and that do not exist (auto.create.topics.enable). The client is not kept
/// waiting: it asks again and finds them.
/// </summary>
internal sealed class TopicAutoCreator(Forwarder forwarder, bool isEnabled, int partitions, short replicationFactor)
{
    private const short RequestVersion = 7;
    private const int TimeoutMs = 30_000;
    private const int MostUnderWay = 1000;
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public void Create(IEnumerable<string> names, RequestContext context)
    {
        if (!isEnabled)
        {
            return;
        }

        CreateTopicsRequest request = new() { TimeoutMs = TimeoutMs };
        foreach (string name in names)
        {
            if (_underWay.Count < MostUnderWay && _underWay.TryAdd(name, true))
            {
                request.Topics.Add(new CreateTopicsRequest.CreatableTopic
                {
                    Name = name,
                    NumPartitions = partitions,
                    ReplicationFactor = replicationFactor,
                });
            }
        }

        if (request.Topics.Count > 0)
        {
            Forward(request, context);
        }
    }

    private void Forward(CreateTopicsRequest request, RequestContext context)
    {
        RequestHeader header = new()
        {
            RequestApiKey = (short)Protocol.ApiKey.CreateTopics,
            RequestApiVersion = RequestVersion,
            ClientId = context.Header.ClientId,
        };
        RequestContext own = new(context.Connection, header, RequestVersion, context.ReceivedAtMs, context.Batch);
        Task forwarding = forwarder.ForwardAsync(own, request).AsTask();
        forwarding.GetAwaiter().UnsafeOnCompleted(() =>
        {
            _ = forwarding.Exception;
            foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
            {
                _underWay.TryRemove(topic.Name, out _);
            }
        });
    }
}
