using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>One partition in one term of its leader, as its fetcher sees it. Owned by the fetcher's strand.</summary>
internal sealed class FetchedPartition(Partition partition, int leaderEpoch)
{
    public Partition Partition => partition;

    public int LeaderEpoch => leaderEpoch;

    public (Uuid TopicId, int Index) Key => (partition.TopicId, partition.TopicPartition.Partition);

    /// <summary>The leader's session knows it with the values that were sent last.</summary>
    public bool IsInSession { get; set; }

    /// <summary>It is on the list of those that the next request has to say something about.</summary>
    public bool IsListed { get; set; }

    /// <summary>Another term or another leader has taken its place: answers for it are dropped.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Left out of requests, after an error or while its range is looked up.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The leader's, as its last answer said; null before the first.</summary>
    public long? LeaderHighWatermark { get; set; }

    /// <summary>What the leader had is here. Not known before its first answer, and then it is not so.</summary>
    public bool IsCaughtUp => partition.Log.LogEndOffset >= LeaderHighWatermark;

    public long SentOffset { get; private set; } = -1;

    public int SentLastEpoch { get; private set; } = -1;

    public long SentLogStart { get; private set; } = -1;

    /// <summary>Takes over what the log says now; false when the leader's session knows that already.</summary>
    public bool TryRefresh()
    {
        long offset = partition.Log.LogEndOffset;
        int lastEpoch = partition.Log.LatestEpoch;
        long logStart = partition.Log.LogStartOffset;
        if (IsInSession && offset == SentOffset && lastEpoch == SentLastEpoch && logStart == SentLogStart)
        {
            return false;
        }

        SentOffset = offset;
        SentLastEpoch = lastEpoch;
        SentLogStart = logStart;
        return true;
    }
}
