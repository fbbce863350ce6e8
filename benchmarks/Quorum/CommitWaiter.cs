using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Benchmarks.Quorum;

/// <summary>Completes waits for offsets as they are committed.</summary>
internal sealed class CommitWaiter(int nodeId) : IQuorumListener
{
    private readonly PriorityQueue<TaskCompletionSource, long> _waits = new();
    private readonly Lock _lock = new();
    private long _committed = -1;

    /// <summary>The epoch in which this node leads.</summary>
    public TaskCompletionSource<int> Epoch { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WaitFor(long offset)
    {
        lock (_lock)
        {
            if (offset <= _committed)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Enqueue(wait, offset);
            return wait.Task;
        }
    }

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
        lock (_lock)
        {
            _committed = batches[^1].LastOffset;
            while (_waits.TryPeek(out TaskCompletionSource? wait, out long offset) && offset <= _committed)
            {
                _waits.Dequeue();
                wait.SetResult();
            }
        }
    }

    public void HandleLoadSnapshot(ISnapshotReader reader) => reader.Dispose();

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
        if (leader.IsLeader(nodeId))
        {
            Epoch.TrySetResult(leader.Epoch);
        }
    }
}
