using System.Collections.Concurrent;

namespace KRaftSharp.Chaos.Load;

/// <summary>What the clients have seen so far. Any thread.</summary>
internal sealed class LoadStats
{
    private readonly ConcurrentQueue<double> _latencies = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private long _acknowledged;
    private long _read;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Read => Interlocked.Read(ref _read);

    /// <summary>Errors that reached an application: a send, a poll or a commit that failed for good.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public void OnAcknowledged(double latencyMs)
    {
        Interlocked.Increment(ref _acknowledged);
        _latencies.Enqueue(latencyMs);
    }

    public void OnRead() => Interlocked.Increment(ref _read);

    public void OnError(string what) => _errors.Enqueue(what);

    /// <summary>The latencies since the last call.</summary>
    public List<double> TakeLatencies()
    {
        List<double> taken = [];
        while (_latencies.TryDequeue(out double latency))
        {
            taken.Add(latency);
        }

        return taken;
    }
}
