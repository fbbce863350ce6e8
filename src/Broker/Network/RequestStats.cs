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

    /// <summary>What quotas had the client wait.</summary>
    public LatencyHistogram Throttle { get; } = new();

    /// <summary>One for each API and version: what several listeners counted is added up.</summary>
    public static IEnumerable<RequestStats> Merge(IEnumerable<RequestStats> all) =>
        from one in all
        group one by (one.Key, one.Version) into same
        select same.Count() == 1 ? same.First() : Sum(same);

    private static RequestStats Sum(IGrouping<(ApiKey Key, short Version), RequestStats> same)
    {
        RequestStats sum = new(same.Key.Key, same.Key.Version);
        foreach (RequestStats one in same)
        {
            sum.Total.Add(one.Total);
            sum.Local.Add(one.Local);
            sum.Remote.Add(one.Remote);
            sum.ResponseQueue.Add(one.ResponseQueue);
            sum.Throttle.Add(one.Throttle);
        }

        return sum;
    }

    internal void Record(in RequestTimes times, int throttleMs, TimeProvider clock)
    {
        long sent = clock.GetTimestamp();
        Total.Record(clock.GetElapsedTime(times.Received, sent));
        Local.Record(clock.GetElapsedTime(times.Started, times.Handled));
        Remote.Record(clock.GetElapsedTime(times.Handled, times.Answered));
        ResponseQueue.Record(clock.GetElapsedTime(times.Answered, sent));
        if (throttleMs > 0)
        {
            Throttle.Record(TimeSpan.FromMilliseconds(throttleMs));
        }
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
