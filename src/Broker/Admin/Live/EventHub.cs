using System.Text.Json;
using System.Threading.Channels;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>
/// Tells all listeners of every metadata change, and once a second how the cluster is. Does nothing while nobody
/// listens; a listener that does not keep up loses events and is told so.
/// </summary>
internal sealed class EventHub : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly AdminServices _services;
    private readonly Overview _overview;
    private readonly Lock _lock = new();
    private readonly List<Channel<ServerEvent>> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();
    private Task _sampling = Task.CompletedTask;

    public EventHub(AdminServices services)
    {
        _services = services;
        _overview = new Overview(services);
        services.Tail.Committed = OnCommitted;
        services.Tail.LeaderChanged = OnLeaderChanged;
    }

    public int ListenerCount
    {
        get
        {
            lock (_lock)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>A stream of what happens from now on; to be given back by <see cref="Leave"/>.</summary>
    public Channel<ServerEvent> Join()
    {
        Channel<ServerEvent> channel = Channel.CreateBounded<ServerEvent>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _listeners.Add(channel);
            if (_sampling.IsCompleted)
            {
                _sampling = Task.Run(SampleAsync);
            }
        }

        return channel;
    }

    public void Leave(Channel<ServerEvent> channel)
    {
        lock (_lock)
        {
            _listeners.Remove(channel);
        }
    }

    /// <summary>How the cluster is now.</summary>
    public async Task<OverviewData> TakeAsync()
    {
        IReadOnlyList<NodeSample> samples = await _services.Peers.AskAllAsync(
            "/v1/node", _services.Sample, AdminJson.Default.NodeSample);
        return await _overview.TakeAsync([.. samples.OrderBy(sample => sample.Node)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        lock (_lock)
        {
            foreach (Channel<ServerEvent> listener in _listeners)
            {
                listener.Writer.TryComplete();
            }
        }

        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task SampleAsync()
    {
        using PeriodicTimer timer = new(Period, _services.Time);
        while (ListenerCount > 0 && !_stopped.IsCancellationRequested)
        {
            OverviewData sample = await TakeAsync();
            Tell(new ServerEvent("sample", JsonSerializer.Serialize(sample, AdminJson.Default.OverviewData)));
            if (!await timer.WaitForNextTickAsync(_stopped.Token))
            {
                return;
            }
        }
    }

    private void OnCommitted(IReadOnlyList<MetadataEntry> entries)
    {
        if (ListenerCount == 0)
        {
            return;
        }

        // Off the quorum's strand: to write records as JSON takes time.
        ThreadPool.UnsafeQueueUserWorkItem(
            state =>
            {
                IReadOnlyList<MetadataRecordData> views = [.. state.entries.Select(entry => entry.View())];
                state.hub.Tell(new ServerEvent("metadata", JsonSerializer.Serialize(
                    views, AdminJson.Default.IReadOnlyListMetadataRecordData)));
            },
            (hub: this, entries), preferLocal: false);
    }

    private void OnLeaderChanged(LeaderAndEpoch leader) => Tell(new ServerEvent("leader", JsonSerializer.Serialize(
        new LeaderData(leader.LeaderId, leader.Epoch), AdminJson.Default.LeaderData)));

    private void Tell(ServerEvent message)
    {
        lock (_lock)
        {
            foreach (Channel<ServerEvent> listener in _listeners)
            {
                listener.Writer.TryWrite(message);
            }
        }
    }
}

/// <summary>One event of the stream.</summary>
/// <param name="Data">JSON on one line.</param>
internal readonly record struct ServerEvent(string Name, string Data);

internal sealed record LeaderData(int? Leader, int Epoch);
