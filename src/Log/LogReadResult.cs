using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>Records read from a log, in a pooled buffer that <see cref="Dispose"/> gives back.</summary>
/// <remarks>The offsets are those of the moment of the read. The last batch may be cut, as in Kafka; the first one is
/// whole. One owner, who disposes it once.</remarks>
public readonly struct LogReadResult : IDisposable
{
    /// <summary>None, <see cref="ErrorCode.OffsetOutOfRange"/> or <see cref="ErrorCode.KafkaStorageError"/>.</summary>
    public ErrorCode Error { get; init; }

    public ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>The segment the records come from; -1 when there are none.</summary>
    public long SegmentBaseOffset { get; init; }

    /// <summary>Where in the segment they start.</summary>
    public long Position { get; init; }

    public long LogStartOffset { get; init; }

    public long HighWatermark { get; init; }

    public long LastStableOffset { get; init; }

    public long LogEndOffset { get; init; }

    /// <summary>What gives the buffer back; null when there is none. May be passed on instead of the result.</summary>
    public IDisposable? Lease { get; init; }

    public void Dispose() => Lease?.Dispose();
}
