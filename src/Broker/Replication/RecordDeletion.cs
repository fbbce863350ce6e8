using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>A DeleteRecords of one partition: the log start moves here at once, and is done when it has moved on all
/// living replicas.</summary>
internal sealed class RecordDeletion(long requestedOffset) : IWaiter
{
    /// <summary>Stands for the high watermark.</summary>
    public const long HighWatermark = -1;

    private readonly TaskCompletionSource _completion = new();
    private int _done;

    /// <summary>The offset below which everything goes, once it is known.</summary>
    public long TargetOffset { get; private set; } = requestedOffset;

    public ErrorCode Error { get; private set; }

    /// <summary>The least log start of all living replicas; -1 after an error.</summary>
    public long LowWatermark { get; private set; } = -1;

    public Task Completion => _completion.Task;

    public bool IsDone => Volatile.Read(ref _done) != 0;

    /// <summary>Runs on the partition's strand; false when it has ended with an error.</summary>
    public bool TryStart(Partition partition, PartitionState state)
    {
        if (state.Role != PartitionRole.Leader)
        {
            return !Settle(ErrorCode.NotLeaderOrFollower, -1);
        }

        if (!partition.Log.Options.IsDeleted)
        {
            return !Settle(ErrorCode.PolicyViolation, -1);
        }

        long high = state.HighWatermark;
        TargetOffset = TargetOffset == HighWatermark ? high : TargetOffset;
        if (TargetOffset < 0 || TargetOffset > high)
        {
            return !Settle(ErrorCode.OffsetOutOfRange, -1);
        }

        try
        {
            partition.Log.AdvanceLogStartOffset(TargetOffset);
            return true;
        }
        catch (StorageException)
        {
            return !Settle(ErrorCode.KafkaStorageError, -1);
        }
    }

    /// <summary>Ends it; always true, so that callers may return at once.</summary>
    public bool Settle(ErrorCode error, long lowWatermark)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            Error = error;
            LowWatermark = lowWatermark;
            _completion.SetResult();
        }

        return true;
    }

    public void Wake()
    {
    }

    public void Expire() => Settle(ErrorCode.RequestTimedOut, -1);
}
