using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions offsets</c>: where logs start and end, and what lies at a time.</summary>
internal static class OffsetsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> time = new("--time")
        {
            Description = "Also the first record that is not older (milliseconds or 2026-01-31T10:00Z)",
        };
        Option<bool> committed = new("--read-committed") { Description = "The end that read_committed consumers see" };
        Command command = new("offsets", "Show where partitions start and end") { where, time, committed };
        where.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            DateTimeOffset? moment = context.Value(time) is { } text ? Quantities.ParseTime(text) : null;
            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition> partitions = await TopicLookup.PartitionsAsync(
                admin, context.Required(where), cancellation);
            IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>> starts = await FindAsync(OffsetSpec.Earliest);
            IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>> ends = await FindAsync(OffsetSpec.Latest);
            IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>? found = moment is { } at
                ? await FindAsync(OffsetSpec.At(at))
                : null;
            Report report = new(moment is null
                ? ["topic", "partition", "start", "end", "records"]
                : ["topic", "partition", "start", "end", "records", "at time", "timestamp"]);
            foreach (TopicPartition partition in partitions)
            {
                long start = starts[partition].Value.Offset;
                long end = ends[partition].Value.Offset;
                Cell[] cells = [partition.Topic, partition.Partition, start, end, end - start];
                report.Add(found is null
                    ? cells
                    :
                    [
                        .. cells, Cell.Known(found[partition].Value.Offset),
                        Cell.Time(found[partition].Value.TimestampMs),
                    ]);
            }

            context.Screen.Show(report);
            return 0;

            Task<IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>> FindAsync(OffsetSpec spec) =>
                admin.Logs.ListOffsetsAsync(partitions, spec, context.Value(committed), cancellation);
        });
        return command;
    }
}
