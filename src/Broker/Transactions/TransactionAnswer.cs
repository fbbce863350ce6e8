using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What a producer is told: an error, or the id and epoch that it has from now on.</summary>
internal sealed record TransactionAnswer(ErrorCode Error, long ProducerId = -1, short ProducerEpoch = -1)
{
    /// <summary>Nothing has happened: the coordinator has to get a fresh producer id first.</summary>
    public bool NeedsProducerId { get; init; }
}
