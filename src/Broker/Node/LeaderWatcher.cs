using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Node;

/// <summary>Tells of each change of the active controller.</summary>
internal sealed class LeaderWatcher(Action<LeaderAndEpoch> changed) : IQuorumListener
{
    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
    }

    public void HandleLoadSnapshot(ISnapshotReader reader) => reader.Dispose();

    public void HandleLeaderChange(LeaderAndEpoch leader) => changed(leader);
}
