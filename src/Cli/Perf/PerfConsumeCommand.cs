using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Perf;

/// <summary><c>perf consume</c>: reads a topic from its start as fast as it comes.</summary>
internal sealed class PerfConsumeCommand
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<long> _records = new("--records", "-n")
    {
        Description = "At most so many; all up to the present end when left out",
        DefaultValueFactory = _ => long.MaxValue,
    };

    private readonly Option<int> _fetchBytes = new("--fetch-max-bytes")
    {
        Description = "Bytes of one answer",
        DefaultValueFactory = _ => new ConsumerOptions().FetchMaxBytes,
    };

    public static Command Create(ClusterOptions options)
    {
        PerfConsumeCommand consume = new();
        Command command = new("consume", "Read a topic from its start to its end")
        {
            consume._topic, consume._records, consume._fetchBytes,
        };
        consume._topic.CompleteWith(Completions.Topics(options));
        command.Run(options, consume.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        string name = context.Required(_topic);
        long most = context.Value(_records);
        await using KafkaConsumer consumer = KafkaConsumer.Create(context.Connect(new ConsumerOptions
        {
            OffsetReset = OffsetReset.Earliest,
            FetchMaxBytes = context.Value(_fetchBytes),
        }));
        TopicView topic = await consumer.TopicAsync(name, cancellation);
        TopicPartition[] partitions = [.. topic.Partitions.Select(one => new TopicPartition(name, one.Index))];
        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> ends = await consumer.EndOffsetsAsync(
            partitions, cancellation);
        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> starts = await consumer.BeginningOffsetsAsync(
            partitions, cancellation);
        long total = Math.Min(most, partitions.Sum(one => ends[one].Offset - starts[one].Offset));
        consumer.Assign(partitions);
        PerfResult result = new(name);
        using (ProgressLine progress = new(context.Configuration))
        {
            while (result.Records < most
                && partitions.Any(one => (consumer.Position(one) ?? starts[one].Offset) < ends[one].Offset))
            {
                using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
                foreach (PartitionRecords records in fetched.Partitions)
                {
                    Count(records, result);
                }

                progress.Update(result.Records, total, result.Progress);
            }
        }

        result.Show(context.Screen);
        return 0;
    }

    private static void Count(PartitionRecords records, PerfResult result)
    {
        long bytes = 0;
        long count = 0;
        foreach (RecordView record in records)
        {
            bytes += record.Key.Length + record.Value.Length;
            count++;
        }

        result.Records += count;
        result.Bytes += bytes;
    }
}
