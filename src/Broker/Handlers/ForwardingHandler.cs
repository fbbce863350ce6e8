using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Everything that only the controller may decide: passed on, all versions.</summary>
internal sealed class ForwardingHandler(Forwarder forwarder) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        forwarder.ForwardAsync(context, request);
}
