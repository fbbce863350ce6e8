using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Transactions;

/// <summary><c>transactions producers</c>: the producers that partitions remember.</summary>
internal static class ProducersCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("producers", "Show the producers that partitions remember") { where };
        where.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition> partitions = await TopicLookup.PartitionsAsync(
                admin, context.Required(where), cancellation);
            IReadOnlyDictionary<TopicPartition, Outcome<IReadOnlyList<ProducerDescription>>> found =
                await admin.Transactions.DescribeProducersAsync(partitions, cancellation);
            Report report = new(
                "topic", "partition", "producer id", "epoch", "last sequence", "last time", "transaction start",
                "coordinator epoch")
            {
                Empty = "the partitions remember no producer",
            };
            foreach (TopicPartition partition in partitions)
            {
                foreach (ProducerDescription producer in found[partition].Value.OrderBy(one => one.ProducerId))
                {
                    report.Add(
                        partition.Topic, partition.Partition, producer.ProducerId, producer.Epoch,
                        Cell.Known(producer.LastSequence), Cell.Time(producer.LastTimestampMs),
                        Cell.Known(producer.TransactionStartOffset).As(Tone.Warning),
                        Cell.Known(producer.CoordinatorEpoch));
                }
            }

            context.Screen.Show(report);
            return 0;
        });
        return command;
    }
}
