using System.Text;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>
/// Keeps the last figures of every client that pushes, for the metrics endpoint: gauges as they came, sums added up.
/// </summary>
/// <remarks>
/// Thread-safe and bounded: clients that say no more for three of their intervals are forgotten, and beyond
/// <see cref="MostSeries"/> figures nothing new is taken.
/// </remarks>
internal sealed class PushedMetrics : ITelemetryReceiver
{
    public const int MostSeries = 50_000;

    private const int MostUnpackedBytes = 16 * 1024 * 1024;
    private const int IntervalsToExpiry = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<Uuid, Figures> _clients = [];
    private int _seriesCount;
    private long _dropped;

    /// <summary>Figures that were not taken because there were too many.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    public bool TryTake(in TelemetryPush push)
    {
        List<ClientPoint> points = [];
        using PooledBytes plain = new();
        if (PayloadCodecs.TryDecompress(push.Codec, push.Payload.Span, plain, MostUnpackedBytes)
                != PayloadOutcome.Complete
            || !OtlpMetrics.TryRead(plain.WrittenSpan, points))
        {
            return false;
        }

        lock (_lock)
        {
            Forget(push.NowMs);
            if (!_clients.TryGetValue(push.Client.InstanceId, out Figures? figures))
            {
                _clients[push.Client.InstanceId] = figures = new Figures(push.Client);
            }

            figures.ExpiresAtMs = push.NowMs + ((long)IntervalsToExpiry * push.PushIntervalMs);
            foreach (ClientPoint point in points)
            {
                Take(figures, point);
            }
        }

        return true;
    }

    /// <summary>Calls back with every figure, those of clients that are gone left out.</summary>
    /// <param name="each">The client, the metric's name, its labels by turns, its value.</param>
    public void Visit(long nowMs, Action<ClientAttributes, string, IReadOnlyList<string>, double> each)
    {
        lock (_lock)
        {
            Forget(nowMs);
            foreach (Figures figures in _clients.Values)
            {
                foreach (ClientPoint point in figures.Points.Values)
                {
                    each(figures.Client, point.Name, point.Labels, point.Value);
                }
            }
        }
    }

    private void Take(Figures figures, in ClientPoint point)
    {
        string key = KeyOf(point);
        if (figures.Points.TryGetValue(key, out ClientPoint before))
        {
            figures.Points[key] = point.IsDelta ? point with { Value = before.Value + point.Value } : point;
        }
        else if (_seriesCount < MostSeries)
        {
            figures.Points[key] = point;
            _seriesCount++;
        }
        else
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private void Forget(long nowMs)
    {
        foreach ((Uuid id, Figures figures) in _clients)
        {
            if (figures.ExpiresAtMs <= nowMs)
            {
                _seriesCount -= figures.Points.Count;
                _clients.Remove(id); // a dictionary may lose what is being enumerated
            }
        }
    }

    private static string KeyOf(in ClientPoint point)
    {
        StringBuilder key = new(point.Name);
        foreach (string part in point.Labels)
        {
            key.Append('\0').Append(part);
        }

        return key.ToString();
    }

    private sealed class Figures(ClientAttributes client)
    {
        public ClientAttributes Client => client;

        public long ExpiresAtMs { get; set; }

        public Dictionary<string, ClientPoint> Points { get; } = new(StringComparer.Ordinal);
    }
}
