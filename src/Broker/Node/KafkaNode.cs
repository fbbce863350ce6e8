using KRaftSharp.Broker.Config;

namespace KRaftSharp.Broker.Node;

/// <summary>One Kafka node: a controller, a broker or both. Used by the server and by the simulator alike.</summary>
public sealed class KafkaNode(NodeEnvironment environment, NodeConfig config)
{
    public NodeEnvironment Environment => environment;

    public NodeConfig Config => config;

    /// <summary>What is to be served; connections may come as soon as <see cref="StartAsync"/> was called.</summary>
    public IReadOnlyList<NodeListener> Listeners => throw new NotSupportedException();

    /// <summary>Completes when the quorum has a leader and this node's broker (if it is one) is unfenced.</summary>
    public Task StartAsync() => throw new NotSupportedException();

    /// <summary>Controlled shutdown: hands leadership over, checkpoints, closes. The storage is quiet afterwards.</summary>
    public Task ShutdownAsync() => throw new NotSupportedException();
}
