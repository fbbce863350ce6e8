using System.CommandLine;
using System.Diagnostics;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Records;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Cli.Perf;

/// <summary><c>perf produce</c>: sends records of random bytes as fast as they are taken, or at a rate.</summary>
internal sealed class PerfProduceCommand
{
    // One in so many is timed: a closure a record would be a part of what is measured.
    private const int TimedOneIn = 16;

    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<long> _records = new("--records", "-n")
    {
        Description = "How many",
        DefaultValueFactory = _ => 1_000_000,
    };

    private readonly Option<int> _size = new("--record-size", "-s")
    {
        Description = "Bytes of a value",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<double?> _rate = new("--throughput")
    {
        Description = "Records a second; as many as go when left out",
    };

    private readonly ProducerSettings _settings = new();

    public static Command Create(ClusterOptions options)
    {
        PerfProduceCommand produce = new();
        Command command = new("produce", "Send records of random bytes")
        {
            produce._topic, produce._records, produce._size, produce._rate,
        };
        produce._settings.AddTo(command);
        produce._topic.CompleteWith(Completions.Topics(options));
        command.Run(options, produce.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        string topic = context.Required(_topic);
        byte[] value = new byte[Positive(context.Value(_size), "--record-size")];
        Random.Shared.NextBytes(value);
        await using (KafkaAdmin admin = context.Admin())
        {
            await TopicLookup.FindAsync(admin, [topic], cancellation);
        }

        Delivery delivery = new();
        await using KafkaProducer producer = KafkaProducer.Create(_settings.Connect(context));
        PerfResult result = new(topic) { Latency = new LatencyHistogram() };
        await SendAsync(context, producer, new ProducerRecord { Topic = topic, Value = value }, delivery, result,
            cancellation);
        result.Records = delivery.Acknowledged;
        result.Bytes = delivery.Acknowledged * value.Length;
        result.Show(context.Screen);
        return delivery.FirstError is null ? 0 : throw delivery.FirstError;
    }

    private async Task SendAsync(
        ToolContext context, KafkaProducer producer, ProducerRecord record, Delivery delivery, PerfResult result,
        CancellationToken cancellation)
    {
        long count = Positive(context.Value(_records), "--records");
        double rate = context.Value(_rate) ?? double.PositiveInfinity;
        Action<RecordMetadata, KafkaException?> onDone = delivery.Count;
        using ProgressLine progress = new(context.Configuration);
        for (long i = 0; i < count; i++)
        {
            double ahead = (i / rate) - result.Seconds;
            if (ahead > 0.001)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead), cancellation);
            }

            await producer.PostAsync(
                record, i % TimedOneIn == 0 ? Timed(delivery, result.Latency!) : onDone, cancellation);
            if (i % 1024 == 0)
            {
                result.Records = delivery.Acknowledged;
                result.Bytes = delivery.Acknowledged * record.Value!.Value.Length;
                progress.Update(i, count, result.Progress);
            }
        }

        await producer.FlushAsync(cancellation);
    }

    private static Action<RecordMetadata, KafkaException?> Timed(Delivery delivery, LatencyHistogram latency)
    {
        long sentAt = Stopwatch.GetTimestamp();
        return (where, error) =>
        {
            latency.Add(Stopwatch.GetElapsedTime(sentAt));
            delivery.Count(where, error);
        };
    }

    private static T Positive<T>(T number, string option)
        where T : System.Numerics.INumber<T> =>
        T.IsPositive(number) && !T.IsZero(number) ? number : throw new ArgumentException($"{option} must be 1 or more");
}
