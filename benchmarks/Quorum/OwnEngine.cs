using System.Net;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Benchmarks.Quorum;

/// <summary>Our quorum with the server's own sockets and disk.</summary>
internal sealed class OwnEngine : IQuorumEngine
{
    private const string Cluster = "AAAAAAAAAAAAAAAAAAAAAA";

    private readonly List<RaftDriver> _drivers = [];
    private readonly List<SocketListener> _listeners = [];
    private readonly List<CommitWaiter> _waiters = [];
    private readonly Lock _lock = new();
    private readonly VersionedRecord[] _records = [new(new TopicRecord { Name = new string('x', 180) }, 0)];
    private RaftDriver _leader = null!;
    private CommitWaiter _waiter = null!;
    private int _epoch;

    public async Task StartAsync(string directory)
    {
        VoterSet voters = VoterSet.FromEndpoints(
            FreePorts.Take(3).Select((port, id) => new PeerEndpoint(id, "127.0.0.1", port)));
        foreach (Voter voter in voters.All)
        {
            CommitWaiter waiter = new(voter.Id);
            RaftDriver driver = new(
                new RaftSettings
                {
                    NodeId = voter.Id,
                    DirectoryId = default,
                    ClusterId = Cluster,
                    Voters = voters,
                },
                new DiskStorage(),
                Path.Combine(directory, $"{voter.Id}"),
                new SocketTransport($"raft-{voter.Id}", TimeProvider.System, NullLogger.Instance),
                TimeProvider.System,
                new Prng((ulong)voter.Id),
                NullLogger.Instance);
            driver.Register(waiter);
            _drivers.Add(driver);
            _waiters.Add(waiter);
            _listeners.Add(Listen(driver, voter.Endpoint.Port));
            await driver.StartAsync();
        }

        Task<int> elected = await Task.WhenAny(_waiters.Select(waiter => waiter.Epoch.Task));
        int leader = _waiters.FindIndex(waiter => waiter.Epoch.Task == elected);
        (_leader, _waiter, _epoch) = (_drivers[leader], _waiters[leader], await elected);
    }

    public Task CommitAsync()
    {
        long offset;
        lock (_lock)
        {
            offset = _leader.TryAppend(_epoch, _records)
                ?? throw new InvalidOperationException("the leader changed during the measurement");
        }

        return _waiter.WaitFor(offset);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_drivers.Select(driver => driver.ShutdownAsync()));
        foreach (SocketListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    private static SocketListener Listen(RaftDriver driver, int port)
    {
        HandlerTable table = new(ListenerKind.Controller);
        QuorumHandler handler = new(driver);
        foreach (ApiKey key in (ApiKey[])
            [ApiKey.Vote, ApiKey.BeginQuorumEpoch, ApiKey.EndQuorumEpoch, ApiKey.Fetch, ApiKey.FetchSnapshot])
        {
            table.Add(key, handler);
        }

        table.Add(ApiKey.ApiVersions, new ApiVersionsHandler(
            table, static () => MetadataImage.Empty, static () => 0, Cluster, driver.NodeId));
        ListenerLimits limits = new();
        SocketListener listener = new(
            new NodeListener(
                "CONTROLLER", "127.0.0.1", port, ListenerKind.Controller,
                new RequestProcessor(table, TimeProvider.System, NullLogger.Instance), Task.CompletedTask),
            IPAddress.Loopback,
            new ListenerServices(
                limits, new BufferBudget(-1),
                new ConnectionQuota(new ConnectionRates(QuotaWindows.Default, exempt: null), protectedListener: null),
                TimeProvider.System, NullLogger.Instance));
        listener.Start();
        return listener;
    }
}
