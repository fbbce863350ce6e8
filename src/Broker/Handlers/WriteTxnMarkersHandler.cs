using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>WriteTxnMarkers v1-2, from transaction coordinators. v2 says whether the producer's epoch was bumped.
/// </summary>
internal sealed class WriteTxnMarkersHandler(MarkerWriter writer) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        await writer.WriteAsync((WriteTxnMarkersRequest)request);
}
