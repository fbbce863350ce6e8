using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>Copies one replica's log to another log directory while it serves, then puts the copy in its place
/// (KIP-113).</summary>
/// <remarks>Copies in slices, on no strand. Only for the last few records the replica stands still.</remarks>
internal sealed class ReplicaMove(
    Partition partition, LogDirectory target, LogManager logs, ReplicaMoves moves, SlicePacer pacer)
{
    private const int SliceBytes = 1024 * 1024;

    private readonly PartitionLog _source = partition.Log;
    private int _truncations = partition.Log.Truncations;

    public LogDirectory Target => target;

    public TopicPartition Name => partition.TopicPartition;

    /// <summary>Gives the move up.</summary>
    public void Cancel() => pacer.Stop();

    public async Task RunAsync()
    {
        try
        {
            await pacer.NextSliceAsync(0);
            PartitionLog future = logs.CreateFuture(_source, target);
            do
            {
                await CatchUpAsync(future);
                await future.FlushAsync();
                await pacer.NextSliceAsync(0);
            }
            while (!pacer.IsStopped && future.LogEndOffset + 1 < _source.LogEndOffset && IsBehindMuch(future));

            if (!pacer.IsStopped && await moves.DetachAsync(partition))
            {
                await pacer.NextSliceAsync(0);
                await FinishAsync(future);
                return;
            }

            logs.DropFuture(Name);
        }
        catch (StorageException error)
        {
            logs.DropFuture(Name);
            moves.Failed(error);
        }
        finally
        {
            moves.Ended(this);
            pacer.Dispose();
        }
    }

    private bool IsBehindMuch(PartitionLog future) => _source.SizeBytes - future.SizeBytes > SliceBytes;

    private async Task CatchUpAsync(PartitionLog future)
    {
        while (!pacer.IsStopped && Copy(future) is var bytes and > 0)
        {
            await pacer.NextSliceAsync(bytes);
        }
    }

    /// <summary>The replica is no longer served: what is missing is copied and the logs are exchanged.</summary>
    private async Task FinishAsync(PartitionLog future)
    {
        try
        {
            while (Copy(future) > 0)
            {
            }

            await logs.PromoteFutureAsync(Name);
        }
        finally
        {
            moves.Attach(Name);
        }
    }

    /// <summary>One slice; returns how many bytes it had.</summary>
    private int Copy(PartitionLog future)
    {
        int truncations = _source.Truncations;
        if (truncations != _truncations || future.LogEndOffset < _source.LogStartOffset)
        {
            // What was copied may not be what is there now.
            _truncations = truncations;
            future.TruncateFullyAndStartAt(_source.LogStartOffset);
        }

        using LogReadResult read = _source.Read(
            future.LogEndOffset, SliceBytes, _source.LogEndOffset, minOneBatch: true);
        if (read.Error != ErrorCode.None || read.Records.IsEmpty)
        {
            return 0;
        }

        LogAppendResult result = future.AppendAsFollower(read.Records);
        return result.IsSuccess && _source.Truncations == truncations ? read.Records.Length : 0;
    }
}
