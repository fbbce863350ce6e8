using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Replication.Sessions;

/// <summary>One partition of a fetch, or of a fetch session, which keeps it from request to request.</summary>
internal sealed class FetchEntry(FetchKey key)
{
    private const long NotAnswered = -1;

    private long _answeredHighWatermark = NotAnswered;
    private long _answeredLogStart = NotAnswered;

    public FetchKey Key => key;

    /// <summary>The partition on this node; null when there is none, see <see cref="Missing"/>.</summary>
    public Partition? Partition { get; set; }

    /// <summary>Why there is no <see cref="Partition"/>.</summary>
    public ErrorCode Missing { get; set; }

    /// <summary>The topic is known by the name this entry was made with, though it may be gone by now.</summary>
    public bool IsResolved { get; set; }

    public string? TopicName { get; set; }

    public long FetchOffset { get; private set; }

    public int MaxBytes { get; private set; }

    public int CurrentLeaderEpoch { get; private set; }

    public int LastFetchedEpoch { get; private set; }

    public long LogStartOffset { get; private set; }

    public void Update(FetchRequest.FetchPartition asked)
    {
        if (asked.CurrentLeaderEpoch != CurrentLeaderEpoch)
        {
            // What was answered in an earlier term has perhaps been dropped.
            _answeredHighWatermark = NotAnswered;
        }

        FetchOffset = asked.FetchOffset;
        MaxBytes = asked.PartitionMaxBytes;
        CurrentLeaderEpoch = asked.CurrentLeaderEpoch;
        LastFetchedEpoch = asked.LastFetchedEpoch;
        LogStartOffset = asked.LogStartOffset;
    }

    /// <summary>Whether an incremental answer has to carry it: records, an error, or news of its offsets.</summary>
    public bool MustAnswer(ErrorCode error, bool hasRecords, bool diverges, long highWatermark, long logStart) =>
        hasRecords || diverges || error != ErrorCode.None || highWatermark != _answeredHighWatermark
        || logStart != _answeredLogStart;

    /// <summary>Notes what the client has been told.</summary>
    /// <param name="isTaken">Whether it takes the offsets over: not with an error, and not when it has to truncate
    /// first. The next good answer is then sent in any case.</param>
    public void Answered(bool isTaken, long highWatermark, long logStart)
    {
        _answeredHighWatermark = isTaken ? highWatermark : NotAnswered;
        _answeredLogStart = logStart;
    }
}
