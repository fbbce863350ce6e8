using System.Collections.Immutable;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>Drives a membership: carries out what it wants, one thing at a time, whether the application polls or not.
/// </summary>
/// <remarks>One lock guards the membership, taken alone and for no longer than one of its methods.</remarks>
internal sealed class GroupLoop
{
    private readonly ClusterClient _cluster;
    private readonly IMembership _membership;
    private readonly CoordinatorLink _link;
    private readonly Action _wakeApplication;
    private readonly AsyncSignal _signal;
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private volatile bool _closed;

    /// <param name="cluster">Connections and metadata.</param>
    /// <param name="membership">Not touched by anybody else from now on.</param>
    /// <param name="link">To the group's coordinator.</param>
    /// <param name="wakeApplication">Called when the application may have something to do.</param>
    public GroupLoop(ClusterClient cluster, IMembership membership, CoordinatorLink link, Action wakeApplication)
    {
        _cluster = cluster;
        _membership = membership;
        _link = link;
        _wakeApplication = wakeApplication;
        _signal = new AsyncSignal(
            cluster.Runtime.Completion.HasFlag(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Has a look at the membership, or tells it something.</summary>
    public T Ask<T>(Func<IMembership, T> ask)
    {
        lock (_gate)
        {
            return ask(_membership);
        }
    }

    /// <summary>Tells the membership something that it may have to act upon.</summary>
    public void Tell(Action<IMembership> tell)
    {
        bool starts;
        lock (_gate)
        {
            tell(_membership);
            starts = !_isRunning && !_closed;
            _isRunning |= starts;
        }

        if (starts)
        {
            _running = _cluster.Runtime.Start(RunAsync);
        }

        _signal.Set();
    }

    /// <summary>Ends the loop; it is over when the cluster's connections are closed too.</summary>
    public void Close()
    {
        _closed = true;
        _signal.Set();
    }

    public Task WhenEnded() => _running;

    private async Task RunAsync()
    {
        ITimer timer = _cluster.Runtime.Time.CreateTimer(
            static state => ((AsyncSignal)state!).Set(), _signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!_closed)
            {
                GroupAction? action;
                long nowMs = _cluster.Runtime.NowMs;
                long nextMs;
                lock (_gate)
                {
                    action = _membership.Next(nowMs, out nextMs);
                }

                if (action is not null)
                {
                    await CarryOutAsync(action);
                    _wakeApplication();
                    continue;
                }

                _wakeApplication(); // it may have left, or failed
                timer.Change(
                    nextMs == long.MaxValue
                        ? Timeout.InfiniteTimeSpan
                        : TimeSpan.FromMilliseconds(Math.Max(nextMs - nowMs, 1)),
                    Timeout.InfiniteTimeSpan);
                await _signal.WaitAsync();
            }
        }
        catch (ObjectDisposedException)
        {
            // The consumer was closed meanwhile.
        }
        finally
        {
            await timer.DisposeAsync();
        }
    }

    private Task CarryOutAsync(GroupAction action) => action switch
    {
        GroupAction.Send send => SendAsync(send),
        GroupAction.Assign assign => AssignAsync(assign),
        GroupAction.Resolve resolve => ResolveAsync(resolve),
        _ => throw new InvalidOperationException($"{action} is nothing to carry out"),
    };

    private async Task SendAsync(GroupAction.Send send)
    {
        (ErrorCode error, string? reason, BrokerResponse? response) = await _link.SendAsync(
            send.Request, send.Versions, send.Timeout);
        using (response)
        {
            _link.Heed(ErrorOf(response?.Message));
            lock (_gate)
            {
                _membership.OnAnswer(send, response?.Message, error, reason, _cluster.Runtime.NowMs);
            }
        }
    }

    private async Task AssignAsync(GroupAction.Assign assign)
    {
        foreach (string topic in assign.Members.SelectMany(member => member.Topics).Distinct())
        {
            _cluster.AddInterest(topic);
        }

        IReadOnlyDictionary<string, List<TopicPartition>>? assignment = null;
        string? reason = null;
        await TryRefreshAsync();
        ClusterView view = _cluster.View;
        try
        {
            assignment = assign.Assignor.Assign(new AssignorInput(assign.Members, RacksOf(view)));
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            reason = $"the assignor {assign.Assignor.Name} failed: {mistake.Message}"; // an application's own
        }

        lock (_gate)
        {
            _membership.OnAssigned(assign, assignment, view, reason);
        }
    }

    private static Dictionary<string, IReadOnlyList<IReadOnlyCollection<string>>> RacksOf(ClusterView view)
    {
        ImmutableDictionary<int, BrokerNode> brokers = view.Brokers;
        return view.Topics.Values.Where(topic => topic.Partitions.Count > 0).ToDictionary(
            topic => topic.Name,
            topic => (IReadOnlyList<IReadOnlyCollection<string>>)
            [
                .. topic.Partitions.Select(partition => (IReadOnlyCollection<string>)
                [
                    .. partition.Replicas.Select(id => brokers.GetValueOrDefault(id)?.Rack).OfType<string>().Distinct(),
                ]),
            ]);
    }

    /// <summary>Learns the names of topic ids, and keeps the topics' metadata from then on.</summary>
    private async Task ResolveAsync(GroupAction.Resolve resolve)
    {
        if (resolve.TopicIds.Any(id => _cluster.View.NameOf(id) is null))
        {
            await TryRefreshAsync();
        }

        List<Uuid> unknown = [.. resolve.TopicIds.Where(id => _cluster.View.NameOf(id) is null)];
        if (unknown.Count > 0)
        {
            MetadataRequest request = new()
            {
                Topics =
                [
                    .. unknown.Select(id => new MetadataRequest.MetadataRequestTopic { TopicId = id, Name = null }),
                ],
            };
            using BrokerResponse response = await _cluster.SendToAnyAsync(
                request, new VersionRange(12, short.MaxValue), _cluster.Options.RequestTimeout);
            foreach (string? name in (response.Message as MetadataResponse)?.Topics.Select(topic => topic.Name) ?? [])
            {
                if (name is not null)
                {
                    _cluster.AddInterest(name);
                }
            }

            await TryRefreshAsync();
        }

        ClusterView view = _cluster.View;
        lock (_gate)
        {
            _membership.OnResolved(
                view, resolve.TopicIds.All(id => view.NameOf(id) is not null), _cluster.Runtime.NowMs);
        }
    }

    private async Task TryRefreshAsync()
    {
        try
        {
            await _cluster.RefreshAsync();
        }
        catch (KafkaException)
        {
            // What is known must do; the leader looks again when it knows more.
        }
    }

    private static ErrorCode ErrorOf(IApiMessage? answer) => answer switch
    {
        JoinGroupResponse join => join.ErrorCode,
        SyncGroupResponse sync => sync.ErrorCode,
        HeartbeatResponse heartbeat => heartbeat.ErrorCode,
        LeaveGroupResponse leave => leave.ErrorCode,
        ConsumerGroupHeartbeatResponse heartbeat => heartbeat.ErrorCode,
        ShareGroupHeartbeatResponse heartbeat => heartbeat.ErrorCode,
        _ => ErrorCode.None,
    };
}
