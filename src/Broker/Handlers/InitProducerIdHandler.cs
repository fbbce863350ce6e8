using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// InitProducerId v0-5 for idempotent producers (KIP-98, KIP-360): each gets a new id at epoch 0. Transactional ids
/// need a coordinator, which is not there yet: they are refused as unsupported.
/// </summary>
public sealed class InitProducerIdHandler(ProducerIdSource ids) : IRequestHandler
{
    private const short FirstVersionWithProducer = 3;

    /// <summary>Kafka's default of transaction.max.timeout.ms.</summary>
    private const int MaxTransactionTimeoutMs = 900_000;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var init = (InitProducerIdRequest)request;
        ErrorCode error = Check(init, context.Version);
        long? id = error == ErrorCode.None ? await ids.NextAsync() : null;
        if (id is { } producerId)
        {
            return new InitProducerIdResponse { ProducerId = producerId, ProducerEpoch = 0 };
        }

        return new InitProducerIdResponse
        {
            ErrorCode = error == ErrorCode.None ? ErrorCode.CoordinatorLoadInProgress : error,
            ProducerEpoch = -1,
        };
    }

    private static ErrorCode Check(InitProducerIdRequest request, short version)
    {
        bool hasHalf = version >= FirstVersionWithProducer && (request.ProducerId < 0) != (request.ProducerEpoch < 0);
        if (request.TransactionalId is { Length: 0 } || hasHalf)
        {
            return ErrorCode.InvalidRequest;
        }

        if (request.TransactionalId is null)
        {
            return ErrorCode.None;
        }

        return request.TransactionTimeoutMs is <= 0 or > MaxTransactionTimeoutMs
            ? ErrorCode.InvalidTransactionTimeout
            : ErrorCode.UnsupportedVersion;
    }
}
