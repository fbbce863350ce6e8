using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What a fetch of one partition brought.</summary>
/// <param name="Records">What a consumer of that isolation sees, in order.</param>
/// <param name="NextOffset">Its position afterwards.</param>
/// <param name="End">The high watermark, or the last stable offset for read_committed.</param>
/// <param name="Anomaly">What is wrong with the answer itself; empty for nothing.</param>
internal sealed record Fetched(
    ErrorCode Error, IReadOnlyList<(long Offset, string Value)> Records, long NextOffset, long End, string Anomaly)
{
    public static Fetched Failed(ErrorCode error, string anomaly = "") => new(error, [], 0, 0, anomaly);
}
