using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Topics;

/// <summary><c>topics delete-records</c>: moves the start of partitions forward.</summary>
internal static class DeleteRecordsCommand
{
    private const long UntilHighWatermark = -1;

    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<long?> before = new("--before-offset") { Description = "Delete what lies before this offset" };
        Option<string?> time = new("--before-time")
        {
            Description = "Delete what is older than this time (milliseconds or 2026-01-31)",
        };
        Option<bool> all = new("--all") { Description = "Delete every acknowledged record" };
        Command command = new("delete-records", "Delete the oldest records of partitions")
        {
            where, before, time, all,
        };
        where.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            long? offset = context.Value(before);
            string? moment = context.Value(time);
            if ((offset is null ? 0 : 1) + (moment is null ? 0 : 1) + (context.Value(all) ? 1 : 0) != 1)
            {
                throw new ArgumentException("give one of --before-offset, --before-time or --all");
            }

            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition> partitions = await TopicLookup.PartitionsAsync(
                admin, context.Required(where), cancellation);
            Dictionary<TopicPartition, long> limits = moment is null
                ? partitions.ToDictionary(partition => partition, _ => offset ?? UntilHighWatermark)
                : (await admin.Logs.ListOffsetsAsync(
                    partitions, OffsetSpec.At(Quantities.ParseTime(moment)), readCommitted: false, cancellation))
                    // Offset -1, no record is that late, also means: all of them.
                    .ToDictionary(pair => pair.Key, pair => pair.Value.Value.Offset);
            ChangeLog changes = new();
            foreach ((TopicPartition partition, Outcome<long> outcome) in
                (await admin.Logs.DeleteRecordsAsync(limits, cancellation)).OrderBy(
                    pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            {
                long start = outcome.IsOk ? outcome.Value : -1;
                changes.Add(
                    outcome, $"{partition} starts at {start}", ("partition", partition.ToString()),
                    ("logStart", Cell.Known(start)));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
