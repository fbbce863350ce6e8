using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>Answers one kind of request.</summary>
public interface IRequestHandler
{
    /// <summary>
    /// Answers <paramref name="request"/>; null sends nothing (acks=0). Completes on any thread. The request's byte
    /// fields are slices of the receive buffer and valid until the answer or
    /// <see cref="RequestContext.ReleaseRequest"/>.
    /// </summary>
    ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request);
}
