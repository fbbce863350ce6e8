using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Sharing;

/// <summary>The share session with one broker: what it knows to be wanted, and the number of the next request.
/// </summary>
internal sealed class ShareSession
{
    private const int FirstEpoch = 0;
    private const int FinalEpoch = -1;

    private readonly HashSet<SharedPartition> _known = [];

    public int Epoch { get; private set; } = FirstEpoch;

    /// <summary>False: the next request must be a fetch that opens one, and can acknowledge nothing.</summary>
    public bool IsOpen => Epoch != FirstEpoch;

    /// <summary>Fills in the session's fields, what the broker does not know to be wanted, and what is said of records.
    /// </summary>
    public void Fill(ShareFetchRequest request, HashSet<SharedPartition> wanted, Acknowledgements said)
    {
        request.ShareSessionEpoch = Epoch;
        foreach (IGrouping<Uuid, SharedPartition> topic in wanted
            .Where(partition => !_known.Contains(partition)).Union(said.Partitions)
            .GroupBy(partition => partition.TopicId))
        {
            request.Topics.Add(new ShareFetchRequest.FetchTopic
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(partition => new ShareFetchRequest.FetchPartition
                {
                    PartitionIndex = partition.Name.Partition,
                    AcknowledgementBatches = [.. said.RunsOf(partition).Select(
                        run => new ShareFetchRequest.AcknowledgementBatch
                        {
                            FirstOffset = run.First,
                            LastOffset = run.Last,
                            AcknowledgeTypes = [run.Type],
                        })],
                })],
            });
        }

        request.ForgottenTopicsData.AddRange(
            _known.Where(partition => !wanted.Contains(partition)).GroupBy(partition => partition.TopicId)
                .Select(topic => new ShareFetchRequest.ForgottenTopic
                {
                    TopicId = topic.Key,
                    Partitions = [.. topic.Select(partition => partition.Name.Partition)],
                }));
        _known.Clear();
        _known.UnionWith(wanted);
    }

    public void Fill(ShareAcknowledgeRequest request, Acknowledgements said, bool isLast)
    {
        request.ShareSessionEpoch = isLast ? FinalEpoch : Epoch;
        request.IsRenewAck = said.HasRenewals;
        foreach (IGrouping<Uuid, SharedPartition> topic in said.Partitions.GroupBy(partition => partition.TopicId))
        {
            request.Topics.Add(new ShareAcknowledgeRequest.AcknowledgeTopic
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(partition => new ShareAcknowledgeRequest.AcknowledgePartition
                {
                    PartitionIndex = partition.Name.Partition,
                    AcknowledgementBatches = [.. said.RunsOf(partition).Select(
                        run => new ShareAcknowledgeRequest.AcknowledgementBatch
                        {
                            FirstOffset = run.First,
                            LastOffset = run.Last,
                            AcknowledgeTypes = [run.Type],
                        })],
                })],
            });
        }
    }

    /// <summary>The broker has answered a request of this session.</summary>
    public void Proceed() => Epoch = Epoch == int.MaxValue ? 1 : Epoch + 1;

    /// <summary>The broker has no such session, or nobody knows what it has: the next request opens another.</summary>
    public void Lose()
    {
        Epoch = FirstEpoch;
        _known.Clear();
    }
}
