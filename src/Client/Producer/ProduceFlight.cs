using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Producer;

/// <summary>One Produce request and the batches it carries, one a partition.</summary>
internal sealed class ProduceFlight(int nodeId, ProducerOptions options)
{
    // Topic ids came with version 13; without them names must do.
    private const short LastVersionWithNames = 12;

    // From version 12 on the broker itself adds partitions to the transaction (KIP-890).
    private const short LastVersionWithAddedPartitions = 11;

    private int _bytes;

    public int NodeId => nodeId;

    public List<ProducerBatch> Batches { get; } = [];

    /// <summary>Whether the request stays within its size; the first batch always fits.</summary>
    public bool HasRoomFor(ProducerBatch batch) =>
        Batches.Count == 0 || _bytes + batch.Builder.UncompressedSize <= options.MaxRequestSize;

    public void Add(ProducerBatch batch)
    {
        Batches.Add(batch);
        _bytes += batch.Bytes.Length;
    }

    /// <param name="view">Knows the topics' ids.</param>
    /// <param name="isImplicit">Of a transaction: brokers add partitions to it by themselves.</param>
    /// <param name="versions">In which the request can be written.</param>
    public ProduceRequest ToRequest(ClusterView view, bool isImplicit, out VersionRange versions)
    {
        ProduceRequest request = new()
        {
            TransactionalId = options.TransactionalId,
            Acks = (short)options.Acks,
            TimeoutMs = (int)options.RequestTimeout.TotalMilliseconds,
        };
        bool haveIds = true;
        foreach (IGrouping<string, ProducerBatch> topic in Batches.GroupBy(batch => batch.Queue.Partition.Topic))
        {
            TopicView? known = view.Topics.GetValueOrDefault(topic.Key);
            haveIds &= known is not null && !known.Id.IsZero;
            ProduceRequest.TopicProduceData data = new() { Name = topic.Key, TopicId = known?.Id ?? default };
            foreach (ProducerBatch batch in topic)
            {
                data.PartitionData.Add(new ProduceRequest.PartitionProduceData
                {
                    Index = batch.Queue.Partition.Partition,
                    Records = batch.Bytes,
                });
            }

            request.TopicData.Add(data);
        }

        short highest = haveIds ? short.MaxValue : LastVersionWithNames;
        versions = new VersionRange(
            3, options.TransactionalId is null || isImplicit ? highest : LastVersionWithAddedPartitions);
        return request;
    }

    /// <summary>What the answer says of a batch; null when it says nothing.</summary>
    public static ProduceResponse.PartitionProduceResponse? Find(
        ProduceResponse answer, ProducerBatch batch, ClusterView view)
    {
        TopicPartition partition = batch.Queue.Partition;
        TopicView? known = view.Topics.GetValueOrDefault(partition.Topic);
        foreach (ProduceResponse.TopicProduceResponse topic in answer.Responses)
        {
            bool isIt = topic.TopicId.IsZero
                ? topic.Name == partition.Topic
                : known is not null && known.Id == topic.TopicId;
            if (!isIt)
            {
                continue;
            }

            foreach (ProduceResponse.PartitionProduceResponse found in topic.PartitionResponses)
            {
                if (found.Index == partition.Partition)
                {
                    return found;
                }
            }
        }

        return null;
    }
}
