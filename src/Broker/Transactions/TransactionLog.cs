using KRaftSharp.Log;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What transactions log: events 4500 to 4549, never reused.</summary>
internal static partial class TransactionLog
{
    [LoggerMessage(4500, LogLevel.Warning,
        "transaction of {TransactionalId}, producer epoch {Epoch}: {Partition} refuses its marker: {Error}")]
    public static partial void Overtaken(
        ILogger logger, string transactionalId, short epoch, TopicPartition partition, ErrorCode error);
}
