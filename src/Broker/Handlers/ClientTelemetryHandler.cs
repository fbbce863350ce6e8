using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Telemetry;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>GetTelemetrySubscriptions v0 and PushTelemetry v0 (KIP-714).</summary>
internal sealed class ClientTelemetryHandler(ClientTelemetry telemetry) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        ClientAttributes AttributesOf(Uuid id) => ClientAttributes.Of(id, context);
        return new(request is PushTelemetryRequest push
            ? telemetry.Push(push, AttributesOf)
            : telemetry.Get((GetTelemetrySubscriptionsRequest)request, AttributesOf));
    }
}
