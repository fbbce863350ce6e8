using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>The follower's end of an incremental fetch session (KIP-227): sends only what has changed.</summary>
internal sealed class FollowerSession
{
    private readonly List<(Uuid TopicId, int Index)> _forgotten = [];
    private int _id;
    private int _epoch;

    public bool IsFull => _epoch == 0;

    /// <summary>A partition that the leader's session may still know is no longer wanted.</summary>
    public void Forget(FetchedPartition partition)
    {
        if (partition.IsInSession)
        {
            partition.IsInSession = false;
            _forgotten.Add(partition.Key);
        }
    }

    /// <summary>The next request is full and replaces the session.</summary>
    public void Reset(IEnumerable<FetchedPartition> all)
    {
        _epoch = 0;
        _forgotten.Clear();
        foreach (FetchedPartition partition in all)
        {
            partition.IsInSession = false;
        }
    }

    /// <summary>Fills topics, forgotten topics and session fields. Takes in the partitions that it lists.</summary>
    public void Fill(FetchRequest request, List<FetchedPartition> listed, int partitionMaxBytes)
    {
        request.SessionId = _id;
        request.SessionEpoch = _epoch;
        Dictionary<Uuid, FetchRequest.FetchTopic> topics = [];
        HashSet<(Uuid, int)> wanted = [];
        foreach (FetchedPartition partition in listed)
        {
            partition.IsListed = false;
            if (partition.IsRemoved || partition.IsPaused)
            {
                Forget(partition);
                continue;
            }

            wanted.Add(partition.Key);
            if (!partition.TryRefresh())
            {
                continue;
            }

            if (!topics.TryGetValue(partition.Key.TopicId, out FetchRequest.FetchTopic? topic))
            {
                topic = new FetchRequest.FetchTopic { TopicId = partition.Key.TopicId };
                topics.Add(partition.Key.TopicId, topic);
                request.Topics.Add(topic);
            }

            partition.IsInSession = true;
            topic.Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = partition.Key.Index,
                CurrentLeaderEpoch = partition.LeaderEpoch,
                FetchOffset = partition.SentOffset,
                LastFetchedEpoch = partition.SentLastEpoch,
                LogStartOffset = partition.SentLogStart,
                PartitionMaxBytes = partitionMaxBytes,
            });
        }

        foreach (IGrouping<Uuid, (Uuid TopicId, int Index)> group in _forgotten
            .Where(key => _epoch != 0 && !wanted.Contains(key)).GroupBy(key => key.TopicId))
        {
            request.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic
            {
                TopicId = group.Key,
                Partitions = [.. group.Select(key => key.Index).Distinct()],
            });
        }

        _forgotten.Clear();
    }

    /// <summary>The leader accepted the request.</summary>
    public void Accepted(int sessionId)
    {
        if (_epoch == 0)
        {
            _id = sessionId;
            _epoch = sessionId == 0 ? 0 : 1;
        }
        else
        {
            _epoch = _epoch == int.MaxValue ? 1 : _epoch + 1;
        }
    }
}
