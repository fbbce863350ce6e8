using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>A request of another node that waits for its answer.</summary>
internal sealed record PendingRequest(
    IApiMessage Request, short Version, Action<IApiMessage, IDisposable?> Respond);
