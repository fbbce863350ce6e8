using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>Has a recorded conversation with a broker of ours.</summary>
/// <param name="ids">What is known of ids before.</param>
internal sealed class CaseReplay(RecordedCase recorded, IPEndPoint broker, Identities ids) : IDisposable
{
    private const int LongestPauseMs = 3000;
    private const sbyte BrokerResource = 4;

    private static readonly TimeSpan RepeatFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RepeatEvery = TimeSpan.FromMilliseconds(50);

    private readonly RecordedTime _time = new(recorded.RecordedAtMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    private readonly Dictionary<int, ReplayConnection> _connections = [];
    private readonly Dictionary<(int Connection, int Correlation), byte[]> _requests = [];
    private Identities _ids = ids;

    /// <summary>The first difference, or null.</summary>
    public async Task<string?> RunAsync()
    {
        for (int i = 0; i < recorded.Events.Count; i++)
        {
            RecordedEvent step = recorded.Events[i];
            if (await PlayAsync(step) is { } difference)
            {
                return $"event {i + 1} of {recorded.Name}: {difference}";
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (ReplayConnection connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private async Task<string?> PlayAsync(RecordedEvent step)
    {
        switch (step.Kind)
        {
            case RecordedEvent.Pause:
                await Task.Delay(Math.Min(step.Number, LongestPauseMs));
                return null;
            case RecordedEvent.Request:
                await SendAsync(step);
                return null;
            case RecordedEvent.Answer or RecordedEvent.AnswerAfterRepeats:
                return await AnswerAsync(step);
            case RecordedEvent.ClientCloses:
                if (_connections.Remove(step.Number, out ReplayConnection? closed))
                {
                    closed.Dispose();
                }

                return null;
            case RecordedEvent.BrokerCloses:
                return _connections.Remove(step.Number, out ReplayConnection? open)
                    && await open.ReceiveAsync() is not null
                        ? $"connection {step.Number} was closed by the broker, here an answer came"
                        : null;
            default:
                throw new InvalidDataException($"'{step.Kind}' is no kind of event");
        }
    }

    private async Task SendAsync(RecordedEvent step)
    {
        if (!_connections.TryGetValue(step.Number, out ReplayConnection? connection))
        {
            connection = await ReplayConnection.OpenAsync(broker);
            _connections.Add(step.Number, connection);
        }

        _requests[(step.Number, ReplayFrames.CorrelationOf(step.Frame, sizeof(int)))] = step.Frame;
        await connection.SendAsync(Translated(step.Frame));
    }

    private async Task<string?> AnswerAsync(RecordedEvent step)
    {
        long begun = Stopwatch.GetTimestamp();
        ReplayConnection connection = _connections[step.Number];
        byte[]? request = _requests.GetValueOrDefault((step.Number, ReplayFrames.CorrelationOf(step.Frame, 0)))
            ?? _requests.Last(sent => sent.Key.Connection == step.Number).Value;
        if (ListsTheCluster(request))
        {
            return await connection.ReceiveAsync() is null ? $"connection {step.Number} was closed" : null;
        }

        JsonNode? expected = ReplayFrames.Decode(request, step.Frame);
        while (true)
        {
            if (await connection.ReceiveAsync() is not { } frame)
            {
                return $"connection {step.Number} was closed instead of {expected?.ToJsonString()}";
            }

            JsonNode? ours = ReplayFrames.Decode(request, frame);
            AnswerComparison comparison = new(_time, AsksForBrokerConfigs(request));
            if (comparison.Compare(expected, ours, _ids) is { } known)
            {
                _ids = known;
                return null;
            }

            if (Stopwatch.GetElapsedTime(begun) > RepeatFor || !MayRepeat(step, request, ours))
            {
                return $"{ReplayFrames.KeyOf(request)} v{ReplayFrames.VersionOf(request)}: {comparison.Difference}";
            }

            await Task.Delay(RepeatEvery);
            await connection.SendAsync(Translated(request));
        }
    }

    /// <summary>Whether the answer tells of what other conversations made, there and here.</summary>
    private static bool ListsTheCluster(byte[] request) =>
        RequestFrame.TryDecode(request, out _, out IApiMessage? body, out short version, out _) && body switch
        {
            MetadataRequest all => all.Topics is null || (version == 0 && all.Topics.Count == 0),
            DescribeTopicPartitionsRequest all => all.Topics.Count == 0,
            DescribeLogDirsRequest all => all.Topics is null,
            ElectLeadersRequest all => all.TopicPartitions is null,
            ListGroupsRequest or ListTransactionsRequest or ListConfigResourcesRequest or DescribeQuorumRequest => true,
            _ => false,
        };

    private static bool AsksForBrokerConfigs(byte[] request) =>
        RequestFrame.TryDecode(request, out _, out IApiMessage? body, out _, out _)
        && body is DescribeConfigsRequest configs
        && configs.Resources.Exists(resource => resource.ResourceType == BrokerResource);

    /// <summary>What was repeated when it was recorded, what only reads, and what came too early.</summary>
    private static bool MayRepeat(RecordedEvent step, byte[] request, JsonNode? ours) =>
        step.Kind == RecordedEvent.AnswerAfterRepeats
        || ReplayFrames.OnlyReads(request) || ReplayFrames.SaysNotYet(ours);

    /// <summary>The request with our ids and times; bytes that are no request stay as they are.</summary>
    private byte[] Translated(byte[] frame)
    {
        if (!RequestFrame.TryDecode(frame, out var header, out IApiMessage? body, out _, out _))
        {
            return frame;
        }

        using EncodedFrame unchanged = RequestFrame.Encode(header, body!);
        if (!unchanged.ToArray().AsSpan(sizeof(int)).SequenceEqual(frame))
        {
            return frame;
        }

        RequestTranslation.Apply(body!, _ids, _time);
        using EncodedFrame encoded = RequestFrame.Encode(header, body!);
        return encoded.ToArray()[sizeof(int)..];
    }
}
