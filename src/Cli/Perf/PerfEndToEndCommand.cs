using System.CommandLine;
using System.Diagnostics;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Records;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Perf;

/// <summary><c>perf e2e</c>: sends one record after the other and waits until each is read.</summary>
internal sealed class PerfEndToEndCommand
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<int> _records = new("--records", "-n")
    {
        Description = "How many",
        DefaultValueFactory = _ => 1000,
    };

    private readonly Option<int> _size = new("--record-size", "-s")
    {
        Description = "Bytes of a value",
        DefaultValueFactory = _ => 100,
    };

    private readonly ProducerSettings _settings = new();

    public static Command Create(ClusterOptions options)
    {
        PerfEndToEndCommand endToEnd = new();
        Command command = new("e2e", "Measure the time from sending a record to reading it")
        {
            endToEnd._topic, endToEnd._records, endToEnd._size,
        };
        endToEnd._settings.AddTo(command);
        endToEnd._topic.CompleteWith(Completions.Topics(options));
        command.Run(options, endToEnd.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        string name = context.Required(_topic);
        int count = context.Value(_records);
        byte[] value = new byte[Math.Max(context.Value(_size), 0)];
        await using KafkaConsumer consumer = KafkaConsumer.Create(context.Connect(new ConsumerOptions()));
        TopicView topic = await consumer.TopicAsync(name, cancellation);
        TopicPartition[] partitions = [.. topic.Partitions.Select(one => new TopicPartition(name, one.Index))];
        consumer.Assign(partitions);
        foreach ((TopicPartition partition, OffsetAndTimestamp end) in await consumer.EndOffsetsAsync(
            partitions, cancellation))
        {
            consumer.Seek(partition, end.Offset);
        }

        await using KafkaProducer producer = KafkaProducer.Create(
            _settings.Connect(context) with { Linger = TimeSpan.Zero });
        PerfResult result = new(name) { Latency = new LatencyHistogram() };
        using (ProgressLine progress = new(context.Configuration))
        {
            for (int i = 0; i < count; i++)
            {
                long sentAt = Stopwatch.GetTimestamp();
                RecordMetadata where = await producer.SendAsync(
                    new ProducerRecord { Topic = name, Partition = i % partitions.Length, Value = value },
                    cancellation);
                await ReadAsync(consumer, where, cancellation);
                result.Latency.Add(Stopwatch.GetElapsedTime(sentAt));
                result.Records++;
                result.Bytes += value.Length;
                progress.Update(i, count, result.Progress);
            }
        }

        result.Show(context.Screen);
        return 0;
    }

    private static async Task ReadAsync(
        KafkaConsumer consumer, RecordMetadata where, CancellationToken cancellation)
    {
        if (where.Offset < 0)
        {
            throw new ArgumentException("with --acks 0 nobody says which record to wait for");
        }

        while ((consumer.Position(where.Partition) ?? -1) <= where.Offset)
        {
            using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
            foreach (PartitionRecords records in fetched.Partitions)
            {
                foreach (RecordView _ in records)
                {
                    // Read, as an application would.
                }
            }
        }
    }
}
