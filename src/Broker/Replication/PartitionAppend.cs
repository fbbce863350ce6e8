using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>One batch on its way into one partition, and what became of it.</summary>
/// <remarks>
/// The partition's strand settles it, also at the operation's deadline: while it is being written the request's bytes
/// are in use, and an answer would give them back.
/// </remarks>
internal sealed class PartitionAppend(ProduceOperation operation, Partition partition, LeaderAppend write)
{
    private LeaderAppend _write = write;
    private int _claimed;
    private LogAppendResult _result;
    private bool _isAppended;

    public ProduceOperation Operation => operation;

    public Partition Partition => partition;

    /// <summary>The topic of <see cref="Partition"/> as the request counts its partitions.</summary>
    public int Slot { get; init; }

    /// <summary>The high watermark at which acks=all is fulfilled.</summary>
    public long RequiredOffset { get; private set; }

    /// <summary>What the log said; all -1 when it was never asked.</summary>
    public LogAppendResult Result => Volatile.Read(ref _isAppended) ? _result : Unasked;

    /// <summary>The outcome, once <see cref="IsSettled"/>.</summary>
    public ErrorCode Error { get; private set; }

    public bool IsSettled => Volatile.Read(ref _claimed) != 0;

    /// <summary>The log has taken (or refused) it; what remains is to wait for the replicas.</summary>
    public void Appended(in LogAppendResult result)
    {
        _result = result;
        RequiredOffset = result.LastOffset + 1;
        _write = default;
        Volatile.Write(ref _isAppended, true);
    }

    /// <summary>Ends it; false when it had ended before.</summary>
    public bool TrySettle(ErrorCode error)
    {
        if (Interlocked.Exchange(ref _claimed, 1) != 0)
        {
            return false;
        }

        Error = error;
        return true;
    }

    private static LogAppendResult Unasked =>
        new() { BaseOffset = -1, LastOffset = -1, LogAppendTimeMs = -1, LogStartOffset = -1 };

    public LeaderAppend ToLeaderAppend() => _write;
}
