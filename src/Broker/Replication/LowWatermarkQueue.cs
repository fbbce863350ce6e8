using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>Deletions of one partition that wait for the other replicas. Strand-owned.</summary>
internal sealed class LowWatermarkQueue
{
    private readonly List<RecordDeletion> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(RecordDeletion deletion) => _waiting.Add(deletion);

    public void Release(long lowWatermark) => _waiting.RemoveAll(deletion =>
        deletion.IsDone
        || (deletion.TargetOffset <= lowWatermark && deletion.Settle(ErrorCode.None, lowWatermark)));

    public void FailAll(ErrorCode error)
    {
        foreach (RecordDeletion deletion in _waiting)
        {
            deletion.Settle(error, -1);
        }

        _waiting.Clear();
    }
}
