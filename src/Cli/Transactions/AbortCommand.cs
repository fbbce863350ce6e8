using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Transactions;

/// <summary><c>transactions abort</c>: writes the marker that a hanging transaction lacks.</summary>
internal static class AbortCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string> where = new("partition") { Description = "Where it hangs, topic:3" };
        Option<long?> start = new("--start-offset") { Description = "The transaction's first offset there" };
        Option<long?> producer = new("--producer-id") { Description = "Whose it is, instead of the offset" };
        Command command = new("abort", "Abort a hanging transaction on a partition, behind the coordinator's back")
        {
            where, start, producer,
        };
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            TopicPartition[] named = [.. await TopicLookup.PartitionsAsync(
                admin, [context.Required(where)], cancellation)];
            if (named.Length != 1 || (context.Value(start) is null) == (context.Value(producer) is null))
            {
                throw new ArgumentException("give one partition (topic:3), and --start-offset or --producer-id");
            }

            TopicPartition partition = named[0];
            ProducerDescription[] open =
            [
                .. (await admin.Transactions.DescribeProducersAsync([partition], cancellation))[partition].Value.Where(
                    one => one.TransactionStartOffset >= 0
                        && (context.Value(start) is not { } offset || one.TransactionStartOffset == offset)
                        && (context.Value(producer) is not { } id || one.ProducerId == id)),
            ];
            if (open is not [var found])
            {
                throw new ToolException(
                    $"{partition} has no such open transaction",
                    $"'kraftsharp transactions producers {partition.Topic}:{partition.Partition}' shows them");
            }

            await admin.Transactions.AbortAsync(
                new AbortSpec(
                    partition, found.ProducerId, (short)found.Epoch, Math.Max(found.CoordinatorEpoch, 0)),
                cancellation);
            ChangeLog changes = new();
            changes.Done(
                $"{partition}: the transaction of producer {found.ProducerId} is aborted",
                ("partition", partition.ToString()), ("producerId", found.ProducerId),
                ("startOffset", found.TransactionStartOffset));
            return context.Finish(changes);
        });
        return command;
    }
}
