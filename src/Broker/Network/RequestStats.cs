using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>How many requests of an API and a version came, and where their time went.</summary>
public sealed class RequestStats(ApiKey key, short version)
{
    public ApiKey Key => key;

    public short Version => version;

    /// <summary>From the decoded request to the answer that is handed to the socket.</summary>
    public LatencyHistogram Total { get; } = new();

    /// <summary>In the handler, until it answered or waited.</summary>
    public LatencyHistogram Local { get; } = new();

    /// <summary>Waiting: for replicas, for records, for the controller.</summary>
    public LatencyHistogram Remote { get; } = new();

    /// <summary>Answered, and waiting for the answers of earlier requests of its connection.</summary>
    public LatencyHistogram ResponseQueue { get; } = new();

    internal void Record(in RequestTimes times, TimeProvider clock)
    {
        long sent = clock.GetTimestamp();
        Total.Record(clock.GetElapsedTime(times.Received, sent));
        Local.Record(clock.GetElapsedTime(times.Started, times.Handled));
        Remote.Record(clock.GetElapsedTime(times.Handled, times.Answered));
        ResponseQueue.Record(clock.GetElapsedTime(times.Answered, sent));
    }
}

/// <summary>When a request reached each step, in ticks of the time provider.</summary>
internal struct RequestTimes
{
    public long Received;
    public long Started;
    public long Handled;
    public long Answered;
}
