using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Handlers;

/// <summary>A batch of a produce request that may be written unless its transaction forbids it.</summary>
internal sealed class ProduceCandidate(Partition partition, LeaderAppend append, int slot, bool isTransactional)
{
    public Partition Partition => partition;

    public LeaderAppend Append { get; set; } = append;

    /// <summary>The partition as the request counts them.</summary>
    public int Slot => slot;

    public bool IsTransactional => isTransactional;

    public ErrorCode Error { get; set; }

    public string? Message { get; set; }
}
