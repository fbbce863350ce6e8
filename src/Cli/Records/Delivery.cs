using System.Diagnostics;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Cli.Records;

/// <summary>Counts what was sent and what became of it.</summary>
internal sealed class Delivery
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _acknowledged;
    private long _failed;

    public long Lines { get; set; }

    /// <summary>Of keys and values.</summary>
    public long Bytes { get; set; }

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public KafkaException? FirstError { get; private set; }

    public double BytesPerSecond => Bytes / Seconds;

    private double Seconds => Math.Max(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, 0.000001);

    /// <summary>On the sender's thread, one call at a time.</summary>
    public void Count(RecordMetadata where, KafkaException? error)
    {
        if (error is null)
        {
            Volatile.Write(ref _acknowledged, _acknowledged + 1);
        }
        else
        {
            _failed++;
            FirstError ??= error;
        }
    }

    public Page Summary(string topic) => new Page("topic", topic)
        .Fact("records", Acknowledged)
        .Fact("failed", _failed)
        .Fact("bytes", Bytes)
        .Fact("seconds", Seconds);

    public override string ToString()
    {
        double seconds = Seconds;
        string failures = _failed > 0 ? $", {_failed} failed" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Acknowledged} records ({Bytes / 1e6:0.00} MB) in {seconds:0.00} s: "
            + $"{Acknowledged / seconds:0} records/s, {Bytes / 1e6 / seconds:0.0} MB/s{failures}");
    }
}
