using System.Collections.Concurrent;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Creates the internal topics of streams applications. Members are not kept waiting: they are told that topics are
/// missing, and why one could not be created when they ask again.
/// </summary>
/// <param name="heartbeatMs">How often the members of a group ask: failures are remembered for two times of it.</param>
internal sealed class StreamsTopicCreator(Forwarder forwarder, TimeProvider time, Func<string, int> heartbeatMs)
{
    private const short RequestVersion = 7;
    private const int TimeoutMs = 30_000;
    private const int MostNamed = 3;
    private const int MostRemembered = 1000;
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Message, long UntilMs)> _failures =
        new(StringComparer.Ordinal);

    /// <summary>Asks the controller for what a heartbeat found missing, and adds earlier failures to its answer.
    /// </summary>
    public void Create(StreamsHeartbeatResult result, string groupId, RequestContext context)
    {
        long now = time.MonotonicMs();
        CreateTopicsRequest request = new() { TimeoutMs = TimeoutMs };
        request.Topics.AddRange(result.MissingTopics.Where(topic => FailureOf(topic.Name, now) is null
            && _underWay.Count < MostRemembered && _underWay.TryAdd(topic.Name, true)));
        if (request.Topics.Count > 0)
        {
            Forward(request, context, 2L * heartbeatMs(groupId));
        }

        string[] failures = [.. result.MissingTopics
            .Select(topic => (topic.Name, Message: FailureOf(topic.Name, now)))
            .Where(failure => failure.Message is not null)
            .Select(failure => $"{failure.Name} ({failure.Message})")];
        StreamsGroupHeartbeatResponse.StatusValue? status = result.Response.Status?.Find(
            told => told.StatusCode == (sbyte)StreamsStatus.MissingInternalTopics);
        if (failures.Length > 0 && status is not null)
        {
            string more = failures.Length > MostNamed ? $" and {failures.Length - MostNamed} more" : "";
            status.StatusDetail +=
                $"; Creation failed: {string.Join(", ", failures.Take(MostNamed))}{more}.";
        }
    }

    private string? FailureOf(string topic, long now)
    {
        if (!_failures.TryGetValue(topic, out (string Message, long UntilMs) failure))
        {
            return null;
        }

        if (failure.UntilMs > now)
        {
            return failure.Message;
        }

        _failures.TryRemove(topic, out _);
        return null;
    }

    private void Forward(CreateTopicsRequest request, RequestContext context, long rememberMs)
    {
        RequestHeader header = new()
        {
            RequestApiKey = (short)ApiKey.CreateTopics,
            RequestApiVersion = RequestVersion,
            ClientId = context.Header.ClientId,
        };
        RequestContext own = new(context.Connection, header, RequestVersion, context.ReceivedAtMs, context.Batch);
        Task asking = AskAsync(own, request, rememberMs);
        asking.GetAwaiter().UnsafeOnCompleted(() =>
        {
            _ = asking.Exception;
            foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
            {
                _underWay.TryRemove(topic.Name, out _);
            }
        });
    }

    private async Task AskAsync(RequestContext context, CreateTopicsRequest request, long rememberMs) =>
        Remember(await forwarder.ForwardAsync(context, request) as CreateTopicsResponse, rememberMs);

    private void Remember(CreateTopicsResponse? response, long rememberMs)
    {
        foreach (CreateTopicsResponse.CreatableTopicResult failed in (response?.Topics ?? [])
            .Where(topic => topic.ErrorCode != ErrorCode.None))
        {
            if (_failures.Count < MostRemembered)
            {
                string message = string.IsNullOrEmpty(failed.ErrorMessage)
                    ? ErrorCodes.Message(failed.ErrorCode)
                    : failed.ErrorMessage;
                _failures[failed.Name] = (message, time.MonotonicMs() + rememberMs);
            }
        }
    }
}
