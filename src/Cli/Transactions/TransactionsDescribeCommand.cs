using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Transactions;

internal static class TransactionsDescribeCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> ids = new("transactional-id")
        {
            Description = "The producers' transactional.id",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("describe", "Show transactional ids with their transactions") { ids };
        ids.CompleteWith(Completions.Transactions(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            List<Page> pages = [];
            foreach ((string id, Outcome<TransactionDescription> outcome) in await admin.Transactions.DescribeAsync(
                context.Required(ids), cancellation))
            {
                if (!outcome.IsOk)
                {
                    throw new KafkaException(outcome.Error, $"transactional id '{id}': {outcome.Text}");
                }

                TransactionDescription found = outcome.Value;
                Report partitions = new("topic", "partition");
                foreach (TopicPartition partition in found.Partitions)
                {
                    partitions.Add(partition.Topic, partition.Partition);
                }

                pages.Add(new Page("transactionalId", id)
                    .Fact("state", TransactionStates.Of(found.State))
                    .Fact("producer id", found.ProducerId)
                    .Fact("epoch", found.ProducerEpoch)
                    .Fact("timeout ms", found.TimeoutMs)
                    .Fact("started", Cell.Time(found.StartedAtMs))
                    .Add("partitions", partitions));
            }

            context.Screen.Show(pages);
            return 0;
        });
        return command;
    }
}
