using System.Collections.Concurrent;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>
/// Asks the brokers on behalf of HTTP callers, with the same Kafka requests that any client would send: any node can
/// answer for all, and nothing is decided here.
/// </summary>
/// <param name="nodeId">Asked first where any broker will do.</param>
/// <param name="interBrokerListener">The listener that nodes reach each other by.</param>
internal sealed class KafkaGateway(
    ITransport transport, TimeProvider time, Func<MetadataImage> image, int nodeId, string interBrokerListener)
    : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<PeerEndpoint, IRpcChannel> _channels = new();

    /// <summary>The metadata as this node knows it.</summary>
    public MetadataImage Image => image();

    public int NodeId => nodeId;

    /// <summary>The brokers that are registered and not fenced, in the order of their ids.</summary>
    public IReadOnlyList<int> AliveBrokers =>
        [.. image().Cluster.Brokers.Values.Where(broker => !broker.IsFenced).Select(broker => broker.Id)];

    /// <summary>This node's broker, or another one where this node has none or it is fenced.</summary>
    /// <exception cref="AdminProblem">No broker is alive.</exception>
    public int AnyBroker
    {
        get
        {
            IReadOnlyList<int> alive = AliveBrokers;
            return alive.Contains(nodeId) ? nodeId
                : alive.Count > 0 ? alive[0]
                : throw AdminProblem.Of(ErrorCode.BrokerNotAvailable, "No broker is available");
        }
    }

    /// <summary>Sends to one broker and reads the answer while its bytes are there.</summary>
    /// <exception cref="AdminProblem">The broker is not known, did not answer, or does not know the request.
    /// </exception>
    public async Task<TResult> AskAsync<TResponse, TResult>(
        int broker, IApiMessage request, Func<TResponse, TResult> read, short maxVersion = short.MaxValue)
        where TResponse : class, IApiMessage
    {
        if (EndpointOf(broker) is not { } endpoint)
        {
            throw AdminProblem.Of(ErrorCode.BrokerNotAvailable, $"Broker {broker} is not available");
        }

        IRpcChannel channel = _channels.GetOrAdd(endpoint, target => transport.Open(target, "admin-http"));
        TaskCompletionSource<RpcReply> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Send(request, Math.Min(request.HighestVersion, maxVersion), Patience, done.SetResult);
        using RpcReply reply = await done.Task;
        return reply.Status switch
        {
            RpcStatus.Ok => read((TResponse)reply.Response!),
            RpcStatus.UnsupportedVersion => throw AdminProblem.Of(
                ErrorCode.UnsupportedVersion, $"Broker {broker} does not serve {request.Key}"),
            RpcStatus.TimedOut => throw AdminProblem.Of(
                ErrorCode.RequestTimedOut, $"Broker {broker} did not answer {request.Key} in time"),
            _ => throw AdminProblem.Of(
                ErrorCode.NetworkException, $"Broker {broker} cannot be reached ({reply.Status})"),
        };
    }

    /// <summary>
    /// Asks every broker that is alive, all at once; the answers are in the order of their ids. One that cannot be
    /// reached is asked again until it answers or is fenced: so one that has just died is missing rather than an error.
    /// </summary>
    /// <exception cref="AdminProblem">A broker refuses, or is alive and not ready for five seconds.</exception>
    public async Task<IReadOnlyList<T>> AskEachAsync<T>(Func<int, Task<T>> ask)
    {
        (bool IsAlive, T? Answer)[] answers = await Task.WhenAll(AliveBrokers.Select(AskAliveAsync));
        return [.. answers.Where(one => one.IsAlive).Select(one => one.Answer!)];

        async Task<(bool, T?)> AskAliveAsync(int broker)
        {
            try
            {
                return (true, await WhileUnavailableAsync(() => ask(broker), () => AliveBrokers.Contains(broker)));
            }
            catch (AdminProblem) when (!AliveBrokers.Contains(broker))
            {
                return (false, default);
            }
        }
    }

    /// <summary>
    /// Asks the leader of a partition. It may have died just now or be moving: then whoever leads is asked for a while,
    /// so <paramref name="ask"/> must be harmless when it is done twice.
    /// </summary>
    /// <exception cref="AdminProblem">There is no such partition, or it stays without a leader.</exception>
    public Task<T> AtLeaderAsync<T>(string topic, int partition, Func<int, Task<T>> ask) =>
        WhileUnavailableAsync(() => ask(LeaderOf(topic, partition)), () => true);

    /// <summary>Sends to any broker, which forwards what only the controller may decide.</summary>
    public Task<TResult> AskAnyAsync<TResponse, TResult>(IApiMessage request, Func<TResponse, TResult> read)
        where TResponse : class, IApiMessage => AskAsync(AnyBroker, request, read);

    /// <summary>The leader of a partition.</summary>
    /// <exception cref="AdminProblem">There is no such partition, or it has no leader.</exception>
    public int LeaderOf(string topic, int partition)
    {
        PartitionRegistration registration = image().Topics.Partition(topic, partition)
            ?? throw AdminProblem.Of(ErrorCode.UnknownTopicOrPartition, null);
        return registration.HasLeader
            ? registration.Leader
            : throw AdminProblem.Of(ErrorCode.LeaderNotAvailable, $"Partition {topic}-{partition} has no leader");
    }

    /// <summary>
    /// Asks the broker that coordinates a group or a transactional id. A coordinator may have to be made first, or may
    /// be moving: then it is asked again for a while.
    /// </summary>
    /// <param name="keyType">0 for a group, 1 for a transactional id.</param>
    public Task<T> AtCoordinatorAsync<T>(string key, Func<int, Task<T>> ask, sbyte keyType = 0)
    {
        FindCoordinatorRequest request = new() { KeyType = keyType, CoordinatorKeys = [key] };
        return WhileUnavailableAsync(
            async () => await ask(await AskAnyAsync(request, (FindCoordinatorResponse response) =>
            {
                FindCoordinatorResponse.Coordinator found = response.Coordinators[0];
                AdminProblem.ThrowIf(found.ErrorCode, found.ErrorMessage);
                return found.NodeId;
            })),
            () => true);
    }

    public void Dispose()
    {
        foreach (IRpcChannel channel in _channels.Values)
        {
            channel.Dispose();
        }
    }

    private async Task<T> WhileUnavailableAsync<T>(Func<Task<T>> ask, Func<bool> isWorthIt)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (AdminProblem problem) when (problem.Status == 503
                && time.GetElapsedTime(start) < RetryPatience && isWorthIt())
            {
                await Task.Delay(RetryPause, time);
            }
        }
    }

    private PeerEndpoint? EndpointOf(int broker) =>
        image().Cluster.Broker(broker) is { } registered
            && registered.Listeners.TryGetValue(interBrokerListener, out ListenerEndpoint? listener)
            ? new PeerEndpoint(broker, listener.Host, listener.Port)
            : null;
}
