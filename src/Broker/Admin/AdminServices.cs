using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Broker.Admin.Live;
using KRaftSharp.Broker.Admin.Peers;
using KRaftSharp.Broker.Admin.V3;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Admin;

/// <summary>What the routes are built on: the node they run in, and the requests they send.</summary>
internal sealed class AdminServices : IDisposable
{
    private static readonly TimeSpan ImagePatience = TimeSpan.FromSeconds(10);

    private readonly ImageWaiter _waiter = new();
    private readonly NodeSampler _sampler;

    /// <param name="listeners">The node's own, for who is connected to them.</param>
    public AdminServices(
        KafkaNode node, ITransport transport, TimeProvider time, AdminOptions options,
        IReadOnlyList<SocketListener> listeners)
    {
        Listeners = listeners;
        Node = node;
        Time = time;
        Kafka = new KafkaGateway(
            transport, time, () => node.Image, node.Config.NodeId, node.Config.InterBrokerListener);
        Effective = new EffectiveConfigs(node.Config.Properties, node.Config.NodeId);
        Configs = new ConfigCalls(Kafka);
        Topics = new TopicCalls(Kafka);
        Offsets = new OffsetCalls(Kafka);
        Groups = new GroupCalls(Kafka);
        Records = new RecordCalls(Kafka, time);
        Peers = new PeerCalls(this, options);
        Acls = new AclCalls(Kafka);
        Shares = new ShareOffsetCalls(Kafka);
        Lags = new LagCalls(Groups, Offsets, Shares);
        _sampler = new NodeSampler(node, listeners, time);
        node.Subscribe(_waiter);
        node.Quorum.Register(Tail);
    }

    public KafkaNode Node { get; }

    public TimeProvider Time { get; }

    public KafkaGateway Kafka { get; }

    /// <summary>The configs in force, as this node sees them.</summary>
    public EffectiveConfigs Effective { get; }

    public ConfigCalls Configs { get; }

    public TopicCalls Topics { get; }

    public OffsetCalls Offsets { get; }

    public GroupCalls Groups { get; }

    public LagCalls Lags { get; }

    public RecordCalls Records { get; }

    /// <summary>The newest metadata records.</summary>
    public MetadataTail Tail { get; } = new();

    public PeerCalls Peers { get; }

    public AclCalls Acls { get; }

    public ShareOffsetCalls Shares { get; }

    public IReadOnlyList<SocketListener> Listeners { get; }

    public string ClusterId => Node.ClusterId;

    public string InterBrokerListener => Node.Config.InterBrokerListener;

    public MetadataImage Image => Node.Image;

    /// <summary>A call that names no cluster.</summary>
    public V3Scope In(AdminCall call) => new(call, ClusterId);

    /// <summary>A call below the cluster that its path names.</summary>
    /// <exception cref="AdminProblem">It is another cluster.</exception>
    public V3Scope Scope(AdminCall call) => call.Route("cluster_id") == ClusterId
        ? In(call)
        : throw AdminProblem.NotFound($"Cluster {call.Route("cluster_id")} cannot be found");

    /// <summary>Waits until this node has heard of a change that was carried out elsewhere.</summary>
    /// <param name="find">Null while the image does not show the change.</param>
    /// <exception cref="AdminProblem">It did not come in time.</exception>
    public async Task<T> WaitForAsync<T>(Func<MetadataImage, T?> find)
        where T : class
    {
        long start = Time.GetTimestamp();
        while (true)
        {
            Task changed = _waiter.Next;
            if (find(Image) is { } found)
            {
                return found;
            }

            TimeSpan left = ImagePatience - Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || await Task.WhenAny(changed, Task.Delay(left, Time)) != changed)
            {
                throw AdminProblem.Of(
                    ErrorCode.RequestTimedOut, "It was accepted, but this node has not heard of it in time");
            }
        }
    }

    /// <summary>What this node has done since the last call. Any thread.</summary>
    public NodeSample Sample()
    {
        lock (_sampler)
        {
            return _sampler.Take();
        }
    }

    public void Dispose()
    {
        Kafka.Dispose();
        Peers.Dispose();
    }

    /// <summary>Lets others wait for the next image.</summary>
    private sealed class ImageWaiter : IMetadataSubscriber
    {
        private TaskCompletionSource _next = NewSource();

        public Task Next => Volatile.Read(ref _next).Task;

        public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image) =>
            Interlocked.Exchange(ref _next, NewSource()).SetResult();

        private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
