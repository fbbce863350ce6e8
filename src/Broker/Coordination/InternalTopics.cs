using System.Collections.Concurrent;
using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Coordination;

/// <summary>The topics in which coordinators keep their state: what they are like, and their creation on demand.
/// </summary>
internal sealed class InternalTopics(NodeConfig config, Forwarder forwarder, ControllerChannel controller)
{
    private const short RequestVersion = 7;
    private const int TimeoutMs = 30_000;
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Partitions that the topic gets, or has.</summary>
    public int PartitionCount(string topic) => config.GetInt(Prefix(topic) + ".num.partitions");

    /// <summary>Asks the controller for the topic. Who needs it is told to come back, and finds it then.</summary>
    public void Create(string topic, RequestContext context)
    {
        if (!_underWay.TryAdd(topic, true))
        {
            return;
        }

        RequestHeader header = new()
        {
            RequestApiKey = (short)Protocol.ApiKey.CreateTopics,
            RequestApiVersion = RequestVersion,
            ClientId = context.Header.ClientId,
        };
        RequestContext own = new(context.Connection, header, RequestVersion, context.ReceivedAtMs, context.Batch);
        CreateTopicsRequest request = new() { TimeoutMs = TimeoutMs, Topics = [Describe(topic)] };
        Task forwarding = forwarder.ForwardAsync(own, request).AsTask();
        forwarding.GetAwaiter().UnsafeOnCompleted(() =>
        {
            _ = forwarding.Exception;
            _underWay.TryRemove(topic, out _);
        });
    }

    /// <summary>As the other, for the broker itself rather than for a client.</summary>
    public void Create(string topic)
    {
        if (_underWay.TryAdd(topic, true))
        {
            CreateTopicsRequest request = new() { TimeoutMs = TimeoutMs, Topics = [Describe(topic)] };
            controller.Send(request, RequestVersion, TimeSpan.FromMilliseconds(TimeoutMs), reply =>
            {
                reply.Dispose();
                _underWay.TryRemove(topic, out _);
            });
        }
    }

    private CreateTopicsRequest.CreatableTopic Describe(string topic)
    {
        string prefix = Prefix(topic);
        CreateTopicsRequest.CreatableTopic described = new()
        {
            Name = topic,
            NumPartitions = PartitionCount(topic),
            ReplicationFactor = (short)config.GetInt(prefix + ".replication.factor"),
        };
        Add("cleanup.policy", topic == TopicNames.ShareGroupState ? "delete" : "compact");
        Add("segment.bytes", config.GetInt(prefix + ".segment.bytes").ToString(CultureInfo.InvariantCulture));
        switch (topic)
        {
            case TopicNames.TransactionState:
                Add("compression.type", "uncompressed");
                Add("unclean.leader.election.enable", "false");
                Add("min.insync.replicas",
                    config.GetInt(prefix + ".min.isr").ToString(CultureInfo.InvariantCulture));
                break;
            case TopicNames.ShareGroupState:
                Add("compression.type", "producer");
                Add("retention.ms", "-1");
                Add("min.insync.replicas",
                    config.GetInt(prefix + ".min.isr").ToString(CultureInfo.InvariantCulture));
                break;
            default:
                Add("compression.type", "producer");
                break;
        }

        return described;

        void Add(string name, string value) =>
            described.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = name, Value = value });
    }

    /// <summary>Of the broker's configs about the topic.</summary>
    private static string Prefix(string topic) => topic switch
    {
        TopicNames.ConsumerOffsets => "offsets.topic",
        TopicNames.TransactionState => "transaction.state.log",
        TopicNames.ShareGroupState => "share.coordinator.state.topic",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };
}
