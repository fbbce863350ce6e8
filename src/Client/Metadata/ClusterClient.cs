using System.Collections.Immutable;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Metadata;

/// <summary>The channels to the cluster's brokers and the metadata that names them.</summary>
/// <remarks>Any thread may call. One lock guards the channels and the topics of interest; nothing else is locked under
/// it.</remarks>
internal sealed class ClusterClient : IAsyncDisposable
{
    // Awaits a task for its end alone; how it ended is told to those who asked for it.
    private const ConfigureAwaitOptions Settled =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    // A broker that hangs must not hold up the news of who leads now.
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientRuntime _runtime;
    private readonly ClientOptions _options;
    private readonly IReadOnlyList<BrokerAddress> _bootstrap;
    private readonly Dictionary<(BrokerAddress Address, ChannelLane Lane), IBrokerChannel> _channels = [];
    private readonly SortedSet<string> _topics = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private ClusterView _view = ClusterView.Empty;
    private Task? _running;
    private Task? _queued;
    private bool _closed;
    private bool _wantsAll;

    public ClusterClient(ClientOptions options, ClientRuntime runtime)
    {
        _options = options;
        _runtime = runtime;
        _bootstrap = options.ParseBootstrap();
        _logger = options.Loggers.CreateLogger(ClientLog.MetadataCategory);
        Chance = new Chance(runtime.Seed);
    }

    public ClientRuntime Runtime => _runtime;

    public ClientOptions Options => _options;

    public Chance Chance { get; }

    /// <summary>The cluster as last heard of.</summary>
    public ClusterView View => Volatile.Read(ref _view);

    /// <summary>When the view was last renewed, on the runtime's clock.</summary>
    public long RefreshedAtMs { get; private set; }

    /// <summary>Whether brokers may create topics that are asked for (<c>allow.auto.create.topics</c>).</summary>
    public bool AllowAutoTopicCreation { get; init; }

    /// <summary>The channel to a broker; null when the view does not name it.</summary>
    public IBrokerChannel? ChannelTo(int nodeId) =>
        View.Brokers.TryGetValue(nodeId, out BrokerNode? node) ? ChannelTo(node.Address) : null;

    /// <summary>The channel to an address, in a lane of its own where requests of another must not wait behind it.
    /// </summary>
    public IBrokerChannel ChannelTo(BrokerAddress address, ChannelLane lane = ChannelLane.Shared)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_channels.TryGetValue((address, lane), out IBrokerChannel? channel))
            {
                channel = _runtime.Connector.Open(address);
                _channels.Add((address, lane), channel);
            }

            return channel;
        }
    }

    /// <summary>Takes a newer leader from an answer that told one.</summary>
    public void LearnLeader(TopicPartition partition, int leaderId, int leaderEpoch, BrokerNode? endpoint)
    {
        lock (_gate)
        {
            ClusterView view = _view;
            if (endpoint is not null && !view.Brokers.ContainsKey(endpoint.Id))
            {
                view = view with { Brokers = view.Brokers.SetItem(endpoint.Id, endpoint) };
            }

            if (leaderId >= 0 && view.Brokers.ContainsKey(leaderId))
            {
                Volatile.Write(ref _view, view.WithLeader(partition, leaderId, leaderEpoch));
            }
        }
    }

    /// <summary>What is known of a topic, asked for when nothing usable is; the caller's interest is
    /// remembered.</summary>
    /// <exception cref="KafkaException">The topic does not exist or nobody answered until the deadline.</exception>
    public async ValueTask<TopicView> TopicAsync(string topic, long deadlineMs, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (View.Topics.TryGetValue(topic, out TopicView? known)
                && known.Error == ErrorCode.None && known.Partitions.Count > 0)
            {
                return known;
            }

            ErrorCode error = known?.Error ?? ErrorCode.None;
            if (error == ErrorCode.UnknownTopicOrPartition && !AllowAutoTopicCreation && attempt > 3)
            {
                throw new KafkaException(error, $"topic '{topic}' does not exist");
            }

            if (attempt > 1 && error != ErrorCode.None && !ErrorCodes.IsRetriable(error))
            {
                throw new KafkaException(error, $"topic '{topic}': {ErrorCodes.Message(error)}");
            }

            AddInterest(topic);
            await TryRefreshAsync(deadlineMs, cancellation);
            if (View.Topics.TryGetValue(topic, out known) && known.Error == ErrorCode.None
                && known.Partitions.Count > 0)
            {
                return known;
            }

            await PauseAsync(attempt, deadlineMs, $"topic '{topic}' is not known to the cluster", cancellation);
        }
    }

    /// <summary>Keeps a topic's metadata.</summary>
    public void AddInterest(string topic)
    {
        lock (_gate)
        {
            _topics.Add(topic);
        }
    }

    /// <summary>Keeps the metadata of all topics from now on.</summary>
    public void AddInterestInAll()
    {
        lock (_gate)
        {
            _wantsAll = true;
        }
    }

    /// <summary>Asks a broker for the metadata of all topics of interest.</summary>
    /// <remarks>Calls while one is under way share the next one.</remarks>
    /// <exception cref="KafkaException">No broker answered.</exception>
    public Task RefreshAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_running is null || _running.IsCompleted)
            {
                return _running = RefreshOnceAsync();
            }

            return _queued ??= RefreshAfterAsync(_running);
        }
    }

    /// <summary>Sends to any broker that answers, those in the view first, then the bootstrap servers.</summary>
    /// <remarks>The caller disposes the answer. Tried once with each; the caller repeats.</remarks>
    public async Task<BrokerResponse> SendToAnyAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout, BrokerAddress? preferred = null)
    {
        BrokerResponse? last = null;
        foreach (BrokerAddress address in Candidates(preferred))
        {
            last?.Dispose();
            last = await ChannelTo(address).SendAsync(request, versions, timeout);
            if (last.Status is ResponseStatus.Ok or ResponseStatus.UnsupportedVersion)
            {
                return last;
            }
        }

        return last!;
    }

    /// <summary>Waits before attempt <paramref name="attempt"/> + 1, unless that is beyond the deadline.</summary>
    /// <exception cref="KafkaException">It is.</exception>
    public async ValueTask PauseAsync(int attempt, long deadlineMs, string what, CancellationToken cancellation)
    {
        TimeSpan pause = Chance.Backoff(_options.RetryBackoff, _options.RetryBackoffMax, attempt);
        if (_runtime.NowMs + pause.TotalMilliseconds > deadlineMs)
        {
            throw new KafkaException(ErrorCode.RequestTimedOut, what);
        }

        await Task.Delay(pause, _runtime.Time, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        List<IBrokerChannel> channels;
        Task? running;
        lock (_gate)
        {
            _closed = true;
            channels = [.. _channels.Values];
            running = _queued ?? _running;
        }

        foreach (IBrokerChannel channel in channels)
        {
            await channel.DisposeAsync();
        }

        if (running is not null)
        {
            await running.ConfigureAwait(Settled);
        }
    }

    /// <summary>As <see cref="RefreshAsync"/>; a failure is left to the next attempt until the deadline.</summary>
    private async ValueTask TryRefreshAsync(long deadlineMs, CancellationToken cancellation)
    {
        try
        {
            await RefreshAsync().WaitAsync(cancellation);
        }
        catch (KafkaException error) when (error.IsRetriable && _runtime.NowMs < deadlineMs)
        {
            // Asked again after the pause that follows.
        }
    }

    private async Task RefreshAfterAsync(Task earlier)
    {
        await earlier.ConfigureAwait(Settled);
        Task next;
        lock (_gate)
        {
            _queued = null;
            next = _running = RefreshOnceAsync();
        }

        await next;
    }

    private async Task RefreshOnceAsync()
    {
        List<MetadataRequest.MetadataRequestTopic>? topics;
        lock (_gate)
        {
            topics = _wantsAll
                ? null
                : [.. _topics.Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic })];
        }

        MetadataRequest request = new() { Topics = topics, AllowAutoTopicCreation = AllowAutoTopicCreation };
        // v4 is the first that can forbid topic creation; ids and epochs come with 10 and 7.
        using BrokerResponse response = await SendToAnyAsync(
            request, new VersionRange(4, short.MaxValue), Shorter(_options.RequestTimeout, RefreshTimeout));
        if (response.Message is not MetadataResponse answer)
        {
            ClientLog.RefreshFailed(_logger, response.Reason ?? "no broker answers");
            throw new KafkaException(response.TransportError, response.Reason ?? "no broker answers");
        }

        if (answer.ErrorCode != ErrorCode.None)
        {
            throw new KafkaException(answer.ErrorCode);
        }

        bool isFirst;
        lock (_gate)
        {
            isFirst = _view.ClusterId is null;
            Volatile.Write(ref _view, ClusterViewBuilder.Merge(_view, answer, isFull: topics is null));
            RefreshedAtMs = _runtime.NowMs;
        }

        if (isFirst)
        {
            ClientLog.ClusterFound(_logger, answer.ClusterId, answer.Brokers.Count);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private List<BrokerAddress> Candidates(BrokerAddress? preferred)
    {
        ImmutableDictionary<int, BrokerNode> brokers = View.Brokers;
        List<BrokerAddress> known = [.. brokers.Values.OrderBy(node => node.Id).Select(node => node.Address)];
        if (known.Count > 1)
        {
            int start = Chance.Below(known.Count);
            known = [.. known[start..], .. known[..start]];
        }

        List<BrokerAddress> ordered = [.. preferred is { } first ? [first] : Array.Empty<BrokerAddress>()];
        ordered.AddRange(known);
        ordered.AddRange(_bootstrap);
        return [.. ordered.Distinct()];
    }
}
