using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Network;

/// <summary>One connection to one broker: requests are pipelined and answered in order.</summary>
public interface IBrokerChannel : IAsyncDisposable
{
    BrokerAddress Address { get; }

    /// <summary>Requests that were given to <see cref="SendAsync"/> and have not ended.</summary>
    int InFlight { get; }

    /// <summary>Sends a request at the highest version both sides know.</summary>
    /// <remarks>Requests leave in the order of the calls. The request and the memory it refers to must not change until
    /// the task has ended; then nothing refers to them any more. The task never fails: see
    /// <see cref="BrokerResponse.Status"/>.</remarks>
    /// <param name="request">What to send.</param>
    /// <param name="versions">The versions that the caller can use.</param>
    /// <param name="timeout">Counted from the call; a request that is late drops the connection.</param>
    /// <param name="expectsResponse">False for a Produce with acks=0: ends when it is written.</param>
    Task<BrokerResponse> SendAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout, bool expectsResponse = true);
}
