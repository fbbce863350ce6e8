using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Transactions;

internal static class TransactionsListCommand
{
    public static Command Create(ClusterOptions options)
    {
        Option<string[]> states = new("--state") { Description = "Only those in this state; repeatable" };
        Option<string?> longer = new("--longer-than") { Description = "Only those that go on for longer, such as 15m" };
        Option<string?> pattern = new("--id-pattern") { Description = "A regular expression for the ids" };
        Command command = new("list", "List transactional ids") { states, longer, pattern };
        command.Run(options, async (context, cancellation) =>
        {
            TransactionFilter filter = new()
            {
                States = context.Value(states) ?? [],
                LongerThan = context.Value(longer) is { } text ? Quantities.ParseDuration(text) : null,
                IdPattern = context.Value(pattern),
            };
            await using KafkaAdmin admin = context.Admin();
            Report report = new("transactional id", "state", "producer id", "coordinator")
            {
                Empty = "there are no transactional ids",
            };
            foreach (TransactionListing one in await admin.Transactions.ListAsync(filter, cancellation))
            {
                report.Add(one.TransactionalId, TransactionStates.Of(one.State), one.ProducerId, one.CoordinatorId);
            }

            context.Screen.Show(report);
            return 0;
        });
        return command;
    }
}
