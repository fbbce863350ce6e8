using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer;

/// <summary>The incremental fetch session with one broker (KIP-227): after the first request only what changed is sent.
/// </summary>
internal sealed class FetchSession
{
    private const int NoSession = 0;
    private const int FirstEpoch = 0;

    private readonly Dictionary<TopicPartition, FetchTarget> _known = [];
    private int _id;
    private int _epoch;

    /// <summary>Fills in the session's fields and the partitions that the broker does not know to be wanted.</summary>
    public void Fill(FetchRequest request, IReadOnlyDictionary<TopicPartition, FetchTarget> wanted)
    {
        request.SessionId = _id;
        request.SessionEpoch = _epoch;
        if (_epoch == FirstEpoch)
        {
            _known.Clear();
        }

        List<TopicPartition> forgotten = [.. _known.Keys.Where(partition =>
            !wanted.TryGetValue(partition, out FetchTarget target) || target.TopicId != _known[partition].TopicId)];
        foreach (IGrouping<string, TopicPartition> topic in forgotten.GroupBy(partition => partition.Topic))
        {
            FetchRequest.ForgottenTopic entry = new()
            {
                Topic = topic.Key,
                TopicId = _known[topic.First()].TopicId,
            };
            entry.Partitions.AddRange(topic.Select(partition => partition.Partition));
            request.ForgottenTopicsData.Add(entry);
        }

        forgotten.ForEach(partition => _known.Remove(partition));
        var changed = wanted.Where(pair => !_known.TryGetValue(pair.Key, out FetchTarget known) || known != pair.Value);
        foreach (IGrouping<string, KeyValuePair<TopicPartition, FetchTarget>> topic in changed.GroupBy(
            pair => pair.Key.Topic))
        {
            FetchRequest.FetchTopic entry = new() { Topic = topic.Key, TopicId = topic.First().Value.TopicId };
            foreach ((TopicPartition partition, FetchTarget target) in topic)
            {
                entry.Partitions.Add(new FetchRequest.FetchPartition
                {
                    Partition = partition.Partition,
                    CurrentLeaderEpoch = target.LeaderEpoch,
                    FetchOffset = target.Offset,
                    PartitionMaxBytes = target.MaxBytes,
                });
                _known[partition] = target;
            }

            request.Topics.Add(entry);
        }
    }

    /// <summary>Takes the broker's word on the session.</summary>
    /// <returns>False when the session is lost: the next request begins another.</returns>
    public bool Accept(FetchResponse answer)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            _id = answer.ErrorCode == ErrorCode.FetchSessionIdNotFound ? NoSession : _id;
            _epoch = FirstEpoch;
            return false;
        }

        if (_epoch == FirstEpoch)
        {
            _id = answer.SessionId;
            _epoch = _id == NoSession ? FirstEpoch : FirstEpoch + 1;
        }
        else
        {
            _epoch = _epoch == int.MaxValue ? FirstEpoch + 1 : _epoch + 1;
        }

        return true;
    }

    /// <summary>The request was lost: the broker may or may not have seen it, so a new session replaces this
    /// one.</summary>
    public void Lose() => _epoch = FirstEpoch;
}
