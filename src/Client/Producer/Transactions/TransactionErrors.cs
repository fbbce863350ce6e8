using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Producer.Transactions;

/// <summary>Which refusals end the producer, and which only the transaction (KIP-1050).</summary>
internal static class TransactionErrors
{
    /// <summary>Of a Produce: the coordinator decides whether an old epoch means that we are fenced.</summary>
    public static bool EndsProducerOnProduce(ErrorCode error) => error is ErrorCode.ProducerFenced
        or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
        or ErrorCode.UnsupportedVersion or ErrorCode.InvalidProducerIdMapping;

    /// <summary>Of adding partitions or offsets to the transaction.</summary>
    public static bool EndsProducerOnAdd(ErrorCode error) => error is ErrorCode.ProducerFenced
        or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidTxnState
        or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.UnsupportedVersion
        or ErrorCode.UnsupportedForMessageFormat;

    /// <summary>Of asking for an id or ending a transaction: everything but what names itself abortable.</summary>
    public static bool EndsProducerOnEnd(ErrorCode error) => error is not (ErrorCode.TransactionAbortable
        or ErrorCode.InvalidProducerIdMapping or ErrorCode.UnknownProducerId);

    /// <summary>The coordinator has lost or changed our id: the next transaction needs a new one (KIP-360).</summary>
    public static bool NeedsNewIdentity(ErrorCode error) => error is ErrorCode.InvalidProducerIdMapping
        or ErrorCode.UnknownProducerId or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.InvalidProducerEpoch;
}
