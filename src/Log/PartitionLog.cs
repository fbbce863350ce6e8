using KRaftSharp.Log.Epochs;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>One partition's log on disk, in Kafka's files.</summary>
/// <remarks>
/// Single writer: what changes the log runs on its owner's strand. Reads and properties are for any thread, take no
/// lock and never hold up an append. A failed disk makes the log <see cref="IsOffline"/> for good: appends and reads
/// answer <see cref="ErrorCode.KafkaStorageError"/>, everything else throws <see cref="StorageException"/>.
/// </remarks>
public sealed partial class PartitionLog
{
    /// <summary>Opens the log in a directory, or creates it; recovers it when the last stop was unclean.</summary>
    public static PartitionLog Open(PartitionLogSettings settings) => throw new NotSupportedException();

    public TopicPartition TopicPartition { get; }

    public string Directory { get; } = "";

    public Uuid TopicId { get; }

    public LogOptions Options => throw new NotSupportedException();

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => throw new NotSupportedException();

    /// <summary>The offset the next record gets.</summary>
    public long LogEndOffset => throw new NotSupportedException();

    public long HighWatermark => throw new NotSupportedException();

    /// <summary>The end of what a read_committed consumer sees.</summary>
    public long LastStableOffset => throw new NotSupportedException();

    /// <summary>Everything below is on stable storage.</summary>
    public long RecoveryPoint => throw new NotSupportedException();

    /// <summary>The epoch of the last batch, or that was assigned; -1 when there is none.</summary>
    public int LatestEpoch => throw new NotSupportedException();

    public long SizeBytes => throw new NotSupportedException();

    /// <summary>The disk failed; the log is not used any more.</summary>
    public bool IsOffline => Failure is not null;

    public StorageException? Failure => throw new NotSupportedException();

    public LeaderEpochCache Epochs => throw new NotSupportedException();

    public ProducerStateView Producers => throw new NotSupportedException();

    /// <summary>Validates one batch, gives it offsets and epoch in place, and writes it.</summary>
    public LogAppendResult AppendAsLeader(
        Memory<byte> records, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client) =>
        throw new NotSupportedException();

    /// <summary>Appends several batches, each judged by itself, in one write.</summary>
    public void AppendAsLeader(ReadOnlySpan<LeaderAppend> appends, int leaderEpoch, Span<LogAppendResult> results) =>
        throw new NotSupportedException();

    /// <summary>Appends batches exactly as they are (their offsets and epochs stay) in one write.</summary>
    /// <remarks>
    /// Checked: checksums, format, offsets that rise and start at the log end or beyond it (a leader's compaction leaves
    /// gaps). An incomplete batch at the end is left out. Nothing is written unless all is good. Control batches may
    /// come. Duplicates and sequences are not judged.
    /// </remarks>
    public LogAppendResult AppendAsFollower(ReadOnlyMemory<byte> records) => throw new NotSupportedException();

    /// <summary>Notes that a leader epoch starts at the log end, though it has no batch yet.</summary>
    public void AssignEpochStart(int leaderEpoch) => throw new NotSupportedException();

    /// <summary>Reads whole and perhaps a last cut batch, from the batch that holds <paramref name="startOffset"/> on.
    /// </summary>
    /// <param name="maxBytes">The most bytes, but for a first batch that is larger.</param>
    /// <param name="upperBoundOffset">Nothing at or beyond this offset is read: high watermark, last stable offset or
    /// log end.</param>
    /// <param name="minOneBatch">Return the first batch whole even when it exceeds <paramref name="maxBytes"/>;
    /// otherwise nothing is returned then.</param>
    public LogReadResult Read(long startOffset, int maxBytes, long upperBoundOffset, bool minOneBatch) =>
        throw new NotSupportedException();

    /// <summary>As <see cref="Read"/>, but only says where the bytes lie.</summary>
    public LogSlice Locate(long startOffset, int maxBytes, long upperBoundOffset, bool minOneBatch) =>
        throw new NotSupportedException();

    /// <summary>The first record whose timestamp is at least <paramref name="timestampMs"/>; null if none.</summary>
    public TimestampedOffset? FindOffsetByTimestamp(long timestampMs) => throw new NotSupportedException();

    /// <summary>The first record that has the greatest timestamp of the log; null when it is empty.</summary>
    public TimestampedOffset? FindMaxTimestamp() => throw new NotSupportedException();

    /// <summary>The greatest epoch up to <paramref name="epoch"/> and where it ends (KIP-101, KIP-279).</summary>
    public LogPoint EndOffsetForEpoch(int epoch) => throw new NotSupportedException();

    /// <summary>Removes everything from <paramref name="offset"/> on. Returns false when there is nothing.</summary>
    public bool TruncateTo(long offset) => throw new NotSupportedException();

    /// <summary>Removes everything and starts at <paramref name="offset"/>.</summary>
    public void TruncateFullyAndStartAt(long offset, long? highWatermark = null) => throw new NotSupportedException();

    /// <summary>Sets the high watermark, clamped to what the log holds; returns it.</summary>
    public long SetHighWatermark(long offset) => throw new NotSupportedException();

    /// <summary>Moves the log start forward (DeleteRecords, a snapshot, the leader's log start); files go by
    /// <see cref="ApplyRetention"/>.</summary>
    public bool AdvanceLogStartOffset(long offset) => throw new NotSupportedException();

    /// <summary>Drops segments by time, size and log start, and producers by age.</summary>
    /// <returns>How many segments went.</returns>
    public int ApplyRetention(long nowMs) => throw new NotSupportedException();

    /// <summary>Drops only segments that lie wholly below the log start. Returns how many went.</summary>
    public int DeleteSegmentsBelowLogStart() => throw new NotSupportedException();

    /// <summary>Starts a new segment at the log end, unless the active one is empty.</summary>
    public void Roll() => throw new NotSupportedException();

    /// <summary>Makes everything below the log end of now durable. Completes on any thread.</summary>
    public ValueTask FlushAsync() => throw new NotSupportedException();

    public void UpdateOptions(LogOptions options) => throw new NotSupportedException();

    /// <summary>Flushes, takes a producer snapshot and closes all files.</summary>
    public ValueTask CloseAsync() => throw new NotSupportedException();

    /// <summary>Closes all files as they are.</summary>
    public void Abandon() => throw new NotSupportedException();
}
