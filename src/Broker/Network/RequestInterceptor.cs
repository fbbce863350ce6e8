using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>Stands before a handler: calls it, or answers in its place.</summary>
internal delegate ValueTask<IApiMessage?> RequestInterceptor(
    RequestContext context, IApiMessage request, IRequestHandler handler);
