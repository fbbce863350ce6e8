using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Sessions;

/// <summary>What a fetch comes down to once its session is known.</summary>
/// <param name="Error">None, or what the whole request is answered with.</param>
/// <param name="Session">The session it continues; null when it has none (yet).</param>
/// <param name="WantsSession">A full fetch that starts a session if there is room for one.</param>
/// <param name="Entries">The partitions to serve, in order.</param>
internal sealed record FetchPlan(
    ErrorCode Error, FetchSession? Session, bool WantsSession, List<FetchEntry> Entries)
{
    public bool IsIncremental => Session is not null;

    public static FetchPlan Refused(ErrorCode error) => new(error, null, false, []);
}
