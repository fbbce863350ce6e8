using System.Collections.Concurrent;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Client.Producer.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Producer;

/// <summary>The loop that takes ready batches, sends them to their leaders and handles what comes back.</summary>
/// <remarks>One loop owns all its state; answers reach it through a queue and a signal.</remarks>
internal sealed class Sender
{
    private readonly ClusterClient _cluster;
    private readonly ProducerOptions _options;
    private readonly Accumulator _accumulator;
    private readonly ClientRuntime _runtime;
    private readonly BatchOutcomes _outcomes;
    private readonly IdentitySource _identity;
    private readonly ConcurrentQueue<(ProduceFlight Flight, BrokerResponse Response)> _answers = new();
    private readonly Dictionary<int, int> _inFlight = [];
    private readonly AsyncSignal _signal;
    private Task? _refresh;
    private long _refreshAtMs;
    private bool _wantsRefresh;
    private int _flights;
    private int _turn;
    private volatile bool _closing;
    private volatile bool _abandoning;

    public Sender(ClusterClient cluster, ProducerOptions options, Accumulator accumulator)
    {
        _cluster = cluster;
        _options = options;
        _accumulator = accumulator;
        _runtime = cluster.Runtime;
        _signal = new AsyncSignal(
            _runtime.Completion.HasFlag(TaskCreationOptions.RunContinuationsAsynchronously));
        if (options.TransactionalId is not null)
        {
            Transactions = new TransactionFlow(cluster, options, new TransactionState(), Wake);
        }

        TransactionState? transaction = Transactions?.State;
        _identity = new IdentitySource(cluster, options, transaction, Wake);
        _outcomes = new BatchOutcomes(cluster, options, accumulator, _identity, transaction);
    }

    /// <summary>Null without a <c>transactional.id</c>.</summary>
    public TransactionFlow? Transactions { get; }

    /// <summary>Tells the loop that something may be ready. Any thread.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Ends the loop once everything is sent, or at once.</summary>
    public void Close(bool abandon)
    {
        _abandoning |= abandon;
        _closing = true;
        _signal.Set();
    }

    public async Task RunAsync()
    {
        ITimer timer = _runtime.Time.CreateTimer(
            static state => ((Sender)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                HandleAnswers();
                if (_abandoning)
                {
                    _outcomes.FailAll(ErrorCode.NetworkException, "the producer was closed");
                }

                if (_closing && _flights == 0 && _accumulator.Queues.All(queue => queue.Count == 0))
                {
                    break;
                }

                long nowMs = _runtime.NowMs;
                long nextMs = SendReady(nowMs);
                timer.Change(
                    nextMs == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(nextMs - nowMs),
                    Timeout.InfiniteTimeSpan);
                await _signal.WaitAsync();
            }
        }
        finally
        {
            await timer.DisposeAsync();
            _outcomes.FailOpen(ErrorCode.UnknownServerError, "the producer has stopped");
        }
    }

    private void HandleAnswers()
    {
        while (_answers.TryDequeue(out (ProduceFlight Flight, BrokerResponse Response) answer))
        {
            using BrokerResponse response = answer.Response;
            _flights--;
            _inFlight[answer.Flight.NodeId]--;
            _wantsRefresh |= _outcomes.Handle(answer.Flight, response, _runtime.NowMs);
        }
    }

    /// <summary>Sends what is ready; returns when there is next something to do, or long.MaxValue.</summary>
    private long SendReady(long nowMs)
    {
        long nextMs = long.MaxValue;
        Dictionary<int, List<PartitionQueue>> ready = [];
        IReadOnlyList<PartitionQueue> queues = _accumulator.Queues;
        _turn = queues.Count == 0 ? 0 : (_turn + 1) % queues.Count;
        for (int i = 0; i < queues.Count; i++)
        {
            PartitionQueue queue = queues[(i + _turn) % queues.Count];
            _outcomes.ExpireWaiting(queue, nowMs);
            if (!_accumulator.IsReady(queue, nowMs, _closing, out long readyAtMs))
            {
                nextMs = Math.Min(nextMs, readyAtMs);
                continue;
            }

            if (!_identity.MaySend(queue, nowMs, ref nextMs))
            {
                continue;
            }

            if (_cluster.View.Find(queue.Partition) is { LeaderId: >= 0 } view
                && _cluster.View.Brokers.ContainsKey(view.LeaderId))
            {
                if (!ready.TryGetValue(view.LeaderId, out List<PartitionQueue>? list))
                {
                    ready.Add(view.LeaderId, list = []);
                }

                list.Add(queue);
            }
            else
            {
                _wantsRefresh = true;
                nextMs = Math.Min(nextMs, nowMs + (long)_options.RetryBackoff.TotalMilliseconds);
            }
        }

        foreach ((int nodeId, List<PartitionQueue> list) in ready)
        {
            SendTo(nodeId, list, nowMs, ref nextMs);
        }

        Transactions?.AddWanted();
        RefreshIfWanted(nowMs, ref nextMs);
        return nextMs;
    }

    private void SendTo(int nodeId, List<PartitionQueue> queues, long nowMs, ref long nextMs)
    {
        while (queues.Count > 0 && _inFlight.GetValueOrDefault(nodeId) < _options.MaxInFlight)
        {
            ProduceFlight flight = new(nodeId, _options);
            queues.RemoveAll(queue => !TryTake(queue, flight, nowMs));
            if (flight.Batches.Count == 0)
            {
                break;
            }

            _inFlight[nodeId] = _inFlight.GetValueOrDefault(nodeId) + 1;
            _flights++;
            SendFlight(flight);
        }

        if (queues.Count > 0)
        {
            // The next answer wakes the loop; deadlines must be seen to all the same.
            nextMs = Math.Min(nextMs, nowMs + (long)_options.RequestTimeout.TotalMilliseconds);
        }
    }

    /// <summary>Adds the queue's oldest batch to the request.</summary>
    /// <returns>False when the queue has nothing more to send now.</returns>
    private bool TryTake(PartitionQueue queue, ProduceFlight flight, long nowMs)
    {
        if (!_accumulator.IsReady(queue, nowMs, _closing, out _) || !_identity.MaySendNext(queue))
        {
            return false;
        }

        ProducerBatch batch;
        lock (queue.Gate)
        {
            if (!flight.HasRoomFor(queue.First!))
            {
                return true;
            }

            batch = queue.TakeFirst();
        }

        batch.Build();
        _identity.Stamp(queue, batch);
        if (!queue.Unacknowledged.Contains(batch))
        {
            queue.Unacknowledged.Add(batch);
        }

        if (batch.Attempts++ == 0)
        {
            ClientMetrics.BatchSent(
                _options.ClientId, queue.Partition.Topic, batch.Count, batch.Bytes.Length, nowMs - batch.CreatedAtMs);
        }

        batch.IsOnWire = true;
        flight.Add(batch);
        return true;
    }

    private void SendFlight(ProduceFlight flight)
    {
        ProduceRequest request = flight.ToRequest(
            _cluster.View, Transactions?.State.IsImplicit ?? false, out VersionRange versions);
        IBrokerChannel? channel = _cluster.ChannelTo(flight.NodeId);
        _ = channel is null
            ? DeliverAsync(flight, Task.FromResult(
                BrokerResponse.Failed(ResponseStatus.Unreachable, $"broker {flight.NodeId} is not known")))
            : DeliverAsync(flight, channel.SendAsync(
                request, versions, _options.RequestTimeout, expectsResponse: _options.Acks != Acks.None));
    }

    // Its end is awaited by counting flights: the loop does not end before the last has come back.
    private async Task DeliverAsync(ProduceFlight flight, Task<BrokerResponse> pending)
    {
        _answers.Enqueue((flight, await pending));
        _signal.Set();
    }

    private void RefreshIfWanted(long nowMs, ref long nextMs)
    {
        long ageLimitMs = (long)_options.MetadataMaxAge.TotalMilliseconds;
        if (!_wantsRefresh && nowMs - _cluster.RefreshedAtMs < ageLimitMs)
        {
            return;
        }

        if (_refresh is { IsCompleted: false })
        {
            return; // its end wakes the loop
        }

        if (nowMs < _refreshAtMs)
        {
            nextMs = Math.Min(nextMs, _refreshAtMs);
            return;
        }

        _wantsRefresh = false;
        _refreshAtMs = nowMs + (long)_options.RetryBackoff.TotalMilliseconds;
        _refresh = RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await _cluster.RefreshAsync();
        }
        catch (KafkaException)
        {
            // Asked again while there is something to send; the deadline of the batches bounds it.
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        _signal.Set();
    }
}
