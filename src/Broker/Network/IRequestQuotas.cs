using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>Says how long a client has to be quiet after what it asked for (KIP-13, KIP-124, KIP-219).</summary>
/// <remarks>Thread-safe.</remarks>
public interface IRequestQuotas
{
    /// <summary>
    /// Counts an answered request and tells its client in the answer. The connection is not read for so many
    /// milliseconds; 0 in the ordinary case.
    /// </summary>
    /// <param name="answer">Null for a request that is not answered.</param>
    /// <param name="requestBytes">The request's frame.</param>
    /// <param name="handling">The time that a thread spent on it.</param>
    int Throttle(RequestContext context, ApiKey key, IApiMessage? answer, int requestBytes, TimeSpan handling);
}
