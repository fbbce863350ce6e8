using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Replication;

/// <summary>
/// Sends a request to the active controller, again after a break or a change of controller, until the time is over.
/// <paramref name="completion"/> is called exactly once, on any thread, and disposes the reply.
/// </summary>
public delegate void ControllerSend(
    IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion);
