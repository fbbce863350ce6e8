using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>What the controller and the broker of a node are both built on.</summary>
internal sealed record NodeCore(
    NodeEnvironment Environment, NodeConfig Config, string ClusterId, IQuorum Quorum, MetadataLoader Loader,
    ILogger Logger)
{
    /// <summary>Where the active controller listens, as far as this node knows.</summary>
    public PeerEndpoint? ActiveController => Quorum.LeaderEndpoint;

    /// <summary>Of what the listeners serve.</summary>
    public ILogger RequestLogger => Environment.Loggers.CreateLogger("kraftsharp.requests");

    public NodeLoggers NewLoggers() => new(Environment.LogLevels, Config.NodeId, Logger);

    public ControllerChannel NewControllerChannel(string purpose) =>
        new(() => ActiveController, Environment.Transport, Environment.Time, purpose, Environment.Fault);
}
