using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli.Transactions;

/// <summary><c>transactions find-hanging</c>: transactions that partitions hold open but no coordinator
/// knows.</summary>
internal static class FindHangingCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1; all topics when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> age = new("--older-than")
        {
            Description = "Quiet for so long; the brokers' transaction.max.timeout.ms is what an honest one may take",
            DefaultValueFactory = _ => "15m",
        };
        Command command = new("find-hanging", "Find transactions that nobody will end, and how to abort them")
        {
            where, age,
        };
        where.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            TimeSpan limit = Quantities.ParseDuration(context.Value(age)!);
            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition> partitions = await TopicLookup.PartitionsAsync(
                admin,
                context.Value(where) is { Length: > 0 } named
                    ? named
                    : (await admin.Topics.ListAsync(includeInternal: true, cancellation)).Select(
                        (TopicView topic) => topic.Name),
                cancellation);
            List<(TopicPartition Partition, ProducerDescription Producer)> open = await OpenAsync(
                admin, partitions, limit, cancellation);
            HashSet<(long, TopicPartition)> known = await KnownAsync(
                admin, [.. open.Select(one => one.Producer.ProducerId).Distinct()], cancellation);
            context.Screen.Show(Show(open.Where(
                one => !known.Contains((one.Producer.ProducerId, one.Partition)))));
            return 0;
        });
        return command;
    }

    private static async Task<List<(TopicPartition, ProducerDescription)>> OpenAsync(
        KafkaAdmin admin, List<TopicPartition> partitions, TimeSpan limit, CancellationToken cancellation)
    {
        long latest = (DateTimeOffset.UtcNow - limit).ToUnixTimeMilliseconds();
        return [.. from found in await admin.Transactions.DescribeProducersAsync(partitions, cancellation)
                   from producer in found.Value.Value
                   where producer.TransactionStartOffset >= 0 && producer.LastTimestampMs <= latest
                   orderby found.Key.Topic, found.Key.Partition
                   select (found.Key, producer)];
    }

    /// <summary>The partitions that coordinators have in open transactions of these producers.</summary>
    private static async Task<HashSet<(long, TopicPartition)>> KnownAsync(
        KafkaAdmin admin, long[] producers, CancellationToken cancellation)
    {
        if (producers.Length == 0)
        {
            return [];
        }

        IReadOnlyList<TransactionListing> listed = await admin.Transactions.ListAsync(
            new TransactionFilter { ProducerIds = producers }, cancellation);
        return [.. from outcome in (await admin.Transactions.DescribeAsync(
                       listed.Select(one => one.TransactionalId), cancellation)).Values
                   where outcome.IsOk
                   from partition in outcome.Value.Partitions
                   select (outcome.Value.ProducerId, partition)];
    }

    private static Report Show(IEnumerable<(TopicPartition Partition, ProducerDescription Producer)> hanging)
    {
        Report report = new(
            "topic", "partition", "producer id", "epoch", "start offset", "last time", "abort with")
        {
            Empty = "no transaction hangs",
        };
        foreach ((TopicPartition partition, ProducerDescription producer) in hanging)
        {
            report.Add(
                partition.Topic, partition.Partition, producer.ProducerId, producer.Epoch,
                producer.TransactionStartOffset, Cell.Time(producer.LastTimestampMs),
                $"transactions abort {partition.Topic}:{partition.Partition} "
                + $"--start-offset {producer.TransactionStartOffset}");
        }

        return report;
    }
}
