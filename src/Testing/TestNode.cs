using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Hosting;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Testing.Nodes;
using NodeStorage = KRaftSharp.Testing.Storage.NodeStorage;

namespace KRaftSharp.Testing;

/// <summary>One node of a test cluster: a controller and a broker, which the test may stop, kill, pause and start
/// again.
/// </summary>
public sealed class TestNode
{
    // A callback that was running when its node was killed has this long to come to its end.
    private static readonly TimeSpan LastBreath = TimeSpan.FromMilliseconds(20);

    private readonly KafkaTestCluster _cluster;
    private readonly NodeConfig _config;
    private readonly IStorage _storage;
    private readonly NodeNetwork _network;
    private KafkaServer? _server;
    private NodeStorage? _files;
    private NodeLife _life = new();

    internal TestNode(KafkaTestCluster cluster, NodeConfig config, IStorage storage, NodeNetwork network)
    {
        _cluster = cluster;
        _config = config;
        _storage = storage;
        _network = network;
        StorageFormatter.Format(
            storage, config, new StorageFormat(cluster.ClusterId, Bootstrap.LatestProduction));
    }

    /// <summary>From 1 on.</summary>
    public int Id => _config.NodeId;

    /// <summary>host:port for clients.</summary>
    public string Address => $"{_config.Listeners[0].Host}:{_config.Listeners[0].Port}";

    public bool IsRunning => _server is not null;

    internal KafkaNode? Node => _server?.Node;

    /// <summary>Starts it with what it had; ends when it serves.</summary>
    /// <exception cref="InvalidOperationException">It runs.</exception>
    public async Task StartAsync()
    {
        if (_server is not null)
        {
            throw new InvalidOperationException($"node {Id} runs");
        }

        NodeLife life = _life = new NodeLife();
        _files = new NodeStorage(_storage, life);
        NodeTime time = new(_cluster.Clock, life);
        ServerSeams seams = new(
            _files, time, inner => new NodeTransport(inner, Id, life, _network, time),
            inner => new NodeStream(inner, life),
            (context, request, handler) => _cluster.Faults.InterceptAsync(Id, time, context, request, handler));
        _server = new KafkaServer(_config, _cluster.Loggers, error => OnFault(life, error), levels: null, seams);
        await _server.StartAsync();
    }

    /// <summary>Ends it in order: it hands its leadership over first.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            _life.Resume();
            await server.DisposeAsync();
            _files!.ReleaseLocks();
        }
    }

    /// <summary>Ends it as SIGKILL does: its sockets are closed, what it had written stays, the rest is gone.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            _life.Kill();
            await server.CloseSocketsAsync();
            await Task.Delay(LastBreath);
            _files!.ReleaseLocks();
        }
    }

    /// <summary>Makes it stand still as SIGSTOP does: its connections stay and nobody answers.</summary>
    public void Pause() => _life.Pause();

    /// <summary>Lets it go on.</summary>
    public void Resume() => _life.Resume();

    private void OnFault(NodeLife life, Exception error)
    {
        if (!life.IsDead)
        {
            _cluster.Failed(this, error);
        }
    }
}
