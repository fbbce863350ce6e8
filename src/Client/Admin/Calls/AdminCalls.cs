using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Sends the requests of the admin client: routed, repeated while that may help, until the deadline.</summary>
internal sealed class AdminCalls(ClusterClient cluster)
{
    private const int LongestServerTimeoutMs = 30_000;

    public ClusterClient Cluster => cluster;

    /// <summary>How long a broker may take over a request.</summary>
    public int TimeoutMs => (int)Math.Min(cluster.Options.ApiTimeout.TotalMilliseconds, LongestServerTimeoutMs);

    /// <summary>Errors that pass by themselves. That a topic is unknown or an election needless does not.</summary>
    public static bool MayRepeat(ErrorCode error) => ErrorCodes.IsRetriable(error) && error is not (
        ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.ElectionNotNeeded
        or ErrorCode.PreferredLeaderNotAvailable or ErrorCode.EligibleLeadersNotAvailable);

    /// <summary>Asks one thing of any broker, which forwards it where the controller decides.</summary>
    /// <exception cref="KafkaException">A refusal, or what was last heard before the deadline.</exception>
    public Task<TValue> AnyAsync<TResponse, TValue>(
        IApiMessage request, Func<TResponse, Outcome<TValue>> read, CancellationToken cancellation)
        where TResponse : class, IApiMessage =>
        OneAsync(new AnyRoute<int>(), 0, request, read, cancellation);

    /// <summary>Asks one thing of one broker.</summary>
    /// <exception cref="KafkaException">A refusal, or what was last heard before the deadline.</exception>
    public Task<TValue> BrokerAsync<TResponse, TValue>(
        int brokerId, IApiMessage request, Func<TResponse, Outcome<TValue>> read, CancellationToken cancellation)
        where TResponse : class, IApiMessage =>
        OneAsync(new BrokerRoute<int>(cluster, id => id), brokerId, request, read, cancellation);

    /// <summary>Asks one thing of the coordinator of a group or transactional id.</summary>
    /// <exception cref="KafkaException">A refusal, or what was last heard before the deadline.</exception>
    public Task<TValue> CoordinatorAsync<TResponse, TValue>(
        CoordinatorKind kind, string key, IApiMessage request, Func<TResponse, Outcome<TValue>> read,
        CancellationToken cancellation)
        where TResponse : class, IApiMessage =>
        OneAsync(new CoordinatorRoute(cluster, kind), key, request, read, cancellation);

    /// <summary>The node ids of the live brokers.</summary>
    public Task<IReadOnlyList<int>> BrokerIdsAsync(CancellationToken cancellation) =>
        AnyAsync<MetadataResponse, IReadOnlyList<int>>(
            new MetadataRequest { Topics = [], AllowAutoTopicCreation = false },
            answer => Outcome.Of<IReadOnlyList<int>>(
                answer.ErrorCode, null, [.. answer.Brokers.Select(broker => broker.NodeId)]),
            cancellation);

    /// <summary>Asks about every item; one that fails does not disturb the others.</summary>
    /// <returns>An outcome for each item.</returns>
    public async Task<IReadOnlyDictionary<TKey, Outcome<TValue>>> EachAsync<TKey, TValue, TResponse>(
        IEnumerable<TKey> keys, ItemCall<TKey, TValue, TResponse> call, CancellationToken cancellation)
        where TKey : notnull
        where TResponse : class, IApiMessage
    {
        long deadlineMs = cluster.Runtime.NowMs + (long)cluster.Options.ApiTimeout.TotalMilliseconds;
        Dictionary<TKey, Outcome<TValue>> outcomes = [];
        List<TKey> open = [.. keys.Distinct()];
        for (int attempt = 1; open.Count > 0; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((TKey key, Outcome<TValue> outcome) in await RoundAsync(call, open))
            {
                outcomes[key] = outcome;
            }

            open = [.. open.Where(key => call.MayRepeat(outcomes[key].Error, attempt))];
            open.ForEach(call.Route.Forget);
            TimeSpan pause = cluster.Chance.Backoff(
                cluster.Options.RetryBackoff, cluster.Options.RetryBackoffMax, attempt);
            if (open.Count == 0 || cluster.Runtime.NowMs + pause.TotalMilliseconds > deadlineMs)
            {
                break;
            }

            await Task.Delay(pause, cluster.Runtime.Time, cancellation);
        }

        return outcomes;
    }

    private async Task<TValue> OneAsync<TKey, TResponse, TValue>(
        IRoute<TKey> route, TKey key, IApiMessage request, Func<TResponse, Outcome<TValue>> read,
        CancellationToken cancellation)
        where TKey : notnull
        where TResponse : class, IApiMessage
    {
        ItemCall<TKey, TValue, TResponse> call = new(route, _ => request, (answer, _) => [(key, read(answer))]);
        return (await EachAsync([key], call, cancellation))[key].Value;
    }

    /// <summary>One attempt: an outcome for every item.</summary>
    private async Task<List<(TKey Key, Outcome<TValue> Outcome)>> RoundAsync<TKey, TValue, TResponse>(
        ItemCall<TKey, TValue, TResponse> call, List<TKey> keys)
        where TKey : notnull
        where TResponse : class, IApiMessage
    {
        RouteMap<TKey> map;
        try
        {
            map = await call.Route.FindAsync(keys);
        }
        catch (KafkaException error)
        {
            return [.. ItemCall<TKey, TValue, TResponse>.All(keys, error.Code, error.Message)];
        }

        List<(TKey Key, Outcome<TValue> Outcome)> heard =
            [.. map.Lost.Select(lost => (lost.Key, Outcome.Failed<TValue>(lost.Error, lost.Message)))];
        foreach (List<(TKey, Outcome<TValue>)> answers in await Task.WhenAll(
            map.Places.Select(place => AskAsync(call, place.Address, place.Keys))))
        {
            heard.AddRange(answers);
        }

        return heard;
    }

    private async Task<List<(TKey Key, Outcome<TValue> Outcome)>> AskAsync<TKey, TValue, TResponse>(
        ItemCall<TKey, TValue, TResponse> call, BrokerAddress? address, List<TKey> keys)
        where TKey : notnull
        where TResponse : class, IApiMessage
    {
        IApiMessage request = call.Ask(keys);
        using BrokerResponse response = address is { } known
            ? await cluster.ChannelTo(known).SendAsync(request, call.Versions, cluster.Options.RequestTimeout)
            : await cluster.SendToAnyAsync(request, call.Versions, cluster.Options.RequestTimeout);
        if (response.Message is not TResponse answer)
        {
            return [.. ItemCall<TKey, TValue, TResponse>.All(keys, response.TransportError, response.Reason)];
        }

        HashSet<TKey> missing = [.. keys];
        List<(TKey Key, Outcome<TValue> Outcome)> heard =
            [.. call.Read(answer, keys).Where(item => missing.Remove(item.Key))];
        heard.AddRange(missing.Select(key => (key, Outcome.Failed<TValue>(
            ErrorCode.UnknownServerError, $"the answer to {request.Key} does not name '{key}'"))));
        return heard;
    }
}
