using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Reading;

/// <summary>One partition's part of a fetch answer.</summary>
internal struct FetchResult
{
    public ErrorCode Error;
    public long HighWatermark;
    public long LastStableOffset;
    public long LogStartOffset;

    /// <summary>Where the follower's log parts from this one; null when it does not.</summary>
    public LogPoint? Diverging;

    public ReadOnlyMemory<byte> Records;

    /// <summary>What a read_committed consumer has to leave out of <see cref="Records"/>; null when there is nothing.
    /// </summary>
    public IReadOnlyList<AbortedTransaction>? Aborted;

    /// <summary>Owns <see cref="Records"/>; null when there are none.</summary>
    public IDisposable? Lease;

    public static FetchResult Failed(ErrorCode error) =>
        new() { Error = error, HighWatermark = -1, LastStableOffset = -1, LogStartOffset = -1 };
}
