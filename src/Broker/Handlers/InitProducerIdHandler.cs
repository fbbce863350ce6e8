using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// InitProducerId v0-5. Idempotent producers get a new id at epoch 0 (KIP-98); those with a transactional id keep
/// theirs and get a new epoch. v3 a producer that goes on after an error (KIP-360); v4 PRODUCER_FENCED.
/// </summary>
internal sealed class InitProducerIdHandler(ProducerIdSource ids, TransactionCoordinator transactions) : IRequestHandler
{
    private const short FirstVersionWithProducer = 3;
    private const short FirstVersionWithFenced = 4;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var init = (InitProducerIdRequest)request;
        TransactionAnswer answer = await AnswerAsync(init, context.Version);
        return new InitProducerIdResponse
        {
            ErrorCode = answer.Error == ErrorCode.ProducerFenced && context.Version < FirstVersionWithFenced
                ? ErrorCode.InvalidProducerEpoch
                : answer.Error,
            ProducerId = answer.ProducerId,
            ProducerEpoch = answer.ProducerEpoch,
        };
    }

    private async Task<TransactionAnswer> AnswerAsync(InitProducerIdRequest init, short version)
    {
        bool hasHalf = version >= FirstVersionWithProducer && (init.ProducerId < 0) != (init.ProducerEpoch < 0);
        if (hasHalf)
        {
            return new TransactionAnswer(ErrorCode.InvalidRequest);
        }

        if (init.TransactionalId is not { } transactionalId)
        {
            return await ids.NextAsync() is { } id
                ? new TransactionAnswer(ErrorCode.None, id, 0)
                : new TransactionAnswer(ErrorCode.CoordinatorLoadInProgress);
        }

        return transactionalId.Length == 0
            ? new TransactionAnswer(ErrorCode.InvalidRequest)
            : await transactions.InitializeAsync(
                new ProducerRequest(transactionalId, init.ProducerId, init.ProducerEpoch), init.TransactionTimeoutMs);
    }
}
