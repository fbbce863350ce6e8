using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Core;

/// <summary>The controller's answer to an <see cref="IsrProposal"/>: an error, or the committed state.</summary>
public sealed record IsrAnswer(
    ErrorCode Error, int LeaderId, int LeaderEpoch, int PartitionEpoch, IReadOnlyList<int> Isr)
{
    public static IsrAnswer Failed(ErrorCode error) => new(error, -1, -1, -1, []);
}
