using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// EndTxn v0-5. v2 PRODUCER_FENCED; v5 the producer's next epoch, and perhaps id, is in the answer (KIP-890).
/// </summary>
internal sealed class EndTxnHandler(TransactionCoordinator coordinator) : IRequestHandler
{
    private const short FirstVersionWithFenced = 2;
    private const short FirstVersionWithBump = 5;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var end = (EndTxnRequest)request;
        short clientVersion = context.Version >= FirstVersionWithBump ? TransactionRules.EpochBumpVersion : (short)0;
        TransactionAnswer answer = await coordinator.EndAsync(
            new ProducerRequest(end.TransactionalId, end.ProducerId, end.ProducerEpoch), end.Committed, clientVersion);
        return new EndTxnResponse
        {
            ErrorCode = answer.Error == ErrorCode.ProducerFenced && context.Version < FirstVersionWithFenced
                ? ErrorCode.InvalidProducerEpoch
                : answer.Error,
            ProducerId = answer.ProducerId,
            ProducerEpoch = answer.ProducerEpoch,
        };
    }
}
