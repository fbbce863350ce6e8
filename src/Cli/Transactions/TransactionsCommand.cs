using System.CommandLine;

namespace KRaftSharp.Cli.Transactions;

/// <summary><c>transactions</c>: what is open, what hangs, and ending it.</summary>
internal static class TransactionsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command transactions = new("transactions", "Transactions and producers: list, describe, abort, find hanging")
        {
            TransactionsListCommand.Create(options),
            TransactionsDescribeCommand.Create(options),
            ProducersCommand.Create(options),
            FindHangingCommand.Create(options),
            AbortCommand.Create(options),
            FenceCommand.Create(options),
        };
        options.AddTo(transactions);
        return transactions;
    }
}
