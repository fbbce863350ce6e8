using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What a request or an event leads to: records to append, and the answer once they are committed.</summary>
/// <param name="IsAtomic">
/// False where the records may be cut into several batches, each of which leaves a valid state behind.
/// </param>
internal sealed record Decision(
    IReadOnlyList<VersionedRecord> Records, IApiMessage? Response, bool IsAtomic = true)
{
    /// <summary>A kraft.version that the quorum has to reach, or could reach, before anything else is done.</summary>
    public short? KRaftVersion { get; init; }

    /// <summary>An answer that changes nothing.</summary>
    public static Decision Answer(IApiMessage response) => new([], response);
}
