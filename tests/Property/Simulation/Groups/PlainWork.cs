using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>Reads and commits, at least once.</summary>
internal sealed class PlainWork(ClientHistory history, GroupTopic topic, GroupOffsets offsets) : IGroupWork
{
    public bool StartsAgain => false;

    public string State => "";

    public async Task<bool> CommitAsync(
        IMembership membership, PartitionId partition, long from, long to, IReadOnlyList<string> values)
    {
        OffsetCommit commit = history.Operations.Commit(topic.Group, partition, to);
        ErrorCode? error = await offsets.CommitAsync(membership.Identity, commit);
        if (error is { } code and not ErrorCode.None)
        {
            membership.Told(code);
        }

        return error == ErrorCode.None;
    }

    public void Crash()
    {
    }
}
