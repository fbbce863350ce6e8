using System.Net;
using DotNext.Buffers;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace KRaftSharp.Benchmarks.Quorum;

/// <summary>The engine that was tried before ours, as shipped.</summary>
internal sealed class DotNextEngine : IQuorumEngine
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly List<RaftCluster> _nodes = [];
    private readonly List<WriteAheadLog> _logs = [];
    private readonly byte[] _payload = new byte[200];
    private RaftCluster? _leader;

    public async Task StartAsync(string directory)
    {
        IPEndPoint[] endpoints = [.. FreePorts.Take(3).Select(port => new IPEndPoint(IPAddress.Loopback, port))];
        foreach (IPEndPoint endpoint in endpoints)
        {
            WriteAheadLog log = new(
                new WriteAheadLog.Options { Location = Path.Combine(directory, $"{endpoint.Port}") }, new NoState());
            await log.InitializeAsync();
            RaftCluster node = new(new RaftCluster.TcpConfiguration(endpoint)
            {
                LowerElectionTimeout = 300,
                UpperElectionTimeout = 600,
                RequestTimeout = TimeSpan.FromMilliseconds(500),
                ColdStart = false,
                ConfigurationStorage = new Members(endpoints),
            })
            {
                AuditTrail = log,
            };
            _logs.Add(log);
            _nodes.Add(node);
            await node.StartAsync(default);
        }

        using PeriodicTimer timer = new(Poll);
        while ((_leader = _nodes.Find(node => node.Leader is { IsRemote: false })) is null)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    public Task CommitAsync() => _leader!.ReplicateAsync(_payload, null, default).AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (RaftCluster node in _nodes)
        {
            await node.StopAsync(default);
            await node.DisposeAsync();
        }

        foreach (WriteAheadLog log in _logs)
        {
            await log.DisposeAsync();
        }
    }

    private sealed class NoState : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => default;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token) => new(entry.Index);
    }

    private sealed class Members : InMemoryClusterConfigurationStorage<EndPoint>
    {
        public Members(IEnumerable<IPEndPoint> endpoints)
        {
            var builder = CreateInitialConfigurationBuilder();
            foreach (IPEndPoint endpoint in endpoints)
            {
                builder.Add(endpoint);
            }

            builder.Build();
        }

        protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> output) =>
            output.Write(BitConverter.GetBytes(((IPEndPoint)address).Port));

        protected override EndPoint Decode(ref SequenceReader reader) =>
            new IPEndPoint(IPAddress.Loopback, reader.ReadLittleEndian<int>());
    }
}
