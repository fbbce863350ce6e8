using KRaftSharp.Broker.Network;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Benchmarks.Partitions;

/// <summary>The only voter of a quorum with its controller and metadata loader, on a real disk.</summary>
internal sealed class ControllerUnderTest
{
    private const string Cluster = "AAAAAAAAAAAAAAAAAAAAAA";

    private readonly RaftDriver _quorum;
    private readonly MetadataLoader _loader;
    private readonly QuorumController _controller;

    private ControllerUnderTest(string directory)
    {
        SocketTransport transport = new("partitions", TimeProvider.System, NullLogger.Instance);
        _quorum = new RaftDriver(
            new RaftSettings
            {
                NodeId = 1,
                DirectoryId = default,
                ClusterId = Cluster,
                Voters = VoterSet.FromEndpoints([new PeerEndpoint(1, "127.0.0.1", 9)]),
            },
            new DiskStorage(), directory, transport, TimeProvider.System, new Prng(1), NullLogger.Instance);
        _loader = new MetadataLoader(
            new MetadataLoaderSettings { MaxRecordBytesBetweenSnapshots = long.MaxValue, MaxSnapshotIntervalMs = 0 },
            _quorum, new Strand(), TimeProvider.System, NullLogger.Instance);
        _controller = new QuorumController(
            new ControllerSettings { NodeId = 1, ClusterId = Cluster, BrokerSessionTimeoutMs = int.MaxValue },
            _quorum, transport, TimeProvider.System, new Prng(2), NullLogger.Instance);
    }

    public MetadataImage Image => _loader.Current;

    /// <summary>Completes when the controller decides and the loader has read what is committed.</summary>
    public static async Task<ControllerUnderTest> StartAsync(string directory)
    {
        ControllerUnderTest node = new(directory);
        TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node._quorum.Register(node._loader);
        node._controller.Start();
        node._loader.Subscribe(new Welcome(loaded));
        await node._quorum.StartAsync();
        await loaded.Task;
        while (!node._controller.IsActive)
        {
            await Task.Delay(1);
        }

        return node;
    }

    /// <summary>Asks the controller; the answer comes with the commit, and the loader has it soon after.</summary>
    public async Task<IApiMessage> AskAsync(IApiMessage request, short version, long connection = 100)
    {
        IApiMessage answer = await _controller.HandleAsync(
            new ControllerRequestContext(version, connection), request);
        while (_loader.Current.Provenance.EndOffset < _quorum.HighWatermark)
        {
            await Task.Yield();
        }

        return answer;
    }

    /// <summary>Registers a broker and unfences it.</summary>
    public async Task RegisterAsync(int id)
    {
        BrokerRegistrationRequest request = new()
        {
            BrokerId = id,
            ClusterId = Cluster,
            IncarnationId = new Uuid(id + 1, 1000),
            LogDirs = [new Uuid(id + 1, 777)],
            Listeners = [new() { Name = "PLAINTEXT", Host = "127.0.0.1", Port = 9 }],
            PreviousBrokerEpoch = -1,
        };
        request.Features.AddRange(KnownFeatures.All.Select(feature => new BrokerRegistrationRequest.Feature
        {
            Name = feature.Name,
            MinSupportedVersion = feature.Supported.Min,
            MaxSupportedVersion = feature.Supported.Max,
        }));
        await AskAsync(request, 4, id);
        await BeatAsync(id);
    }

    public Task BeatAsync(int id, bool wantFence = false) => AskAsync(
        new BrokerHeartbeatRequest
        {
            BrokerId = id,
            BrokerEpoch = Image.Cluster.Broker(id)!.Epoch,
            CurrentMetadataOffset = _quorum.HighWatermark,
            WantFence = wantFence,
        },
        2, id);

    /// <summary>Writes the whole image as a snapshot, durably.</summary>
    public async Task WriteSnapshotAsync()
    {
        MetadataImage image = Image;
        using (ISnapshotWriter writer = _quorum.CreateSnapshot(image.Provenance, image.LastTimestampMs)
            ?? throw new InvalidOperationException("there is a snapshot already"))
        {
            foreach (VersionedRecord[] chunk in ImageWriter.Records(image).Chunk(1024))
            {
                writer.Append(chunk);
            }

            writer.Freeze();
        }

        while (_quorum.LatestSnapshotId?.EndOffset != image.Provenance.EndOffset)
        {
            await Task.Delay(1);
        }
    }

    public async Task StopAsync()
    {
        _controller.Shutdown();
        await _quorum.ShutdownAsync();
    }

    private sealed class Welcome(TaskCompletionSource loaded) : IMetadataSubscriber
    {
        public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image) => loaded.TrySetResult();
    }
}
