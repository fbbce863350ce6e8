using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Where logs start and end, asked of their leaders.</summary>
internal sealed class OffsetCalls(KafkaGateway kafka)
{
    /// <summary>The offset after the last record, or the high watermark to be exact: what a consumer sees.</summary>
    public const long Latest = -1;

    public const long Earliest = -2;

    private const int Consumer = -1;
    private const int DebuggingReplica = -2;

    /// <summary>The offsets of a time, by partition; what has no leader is left out.</summary>
    /// <param name="timestamp">Milliseconds since the Unix epoch, <see cref="Latest"/> or <see cref="Earliest"/>.
    /// </param>
    /// <param name="isUncommitted">True: the end of the leader's log instead of the high watermark.</param>
    public async Task<IReadOnlyDictionary<(string Topic, int Partition), long>> ListAsync(
        IEnumerable<(string Topic, int Partition)> partitions, long timestamp, bool isUncommitted = false)
    {
        MetadataImage image = kafka.Image;
        var byLeader = partitions
            .Select(partition => (partition, Leader: image.Topics.Partition(partition.Topic, partition.Partition)))
            .Where(entry => entry.Leader is { HasLeader: true })
            .GroupBy(entry => entry.Leader!.Leader, entry => entry.partition);
        Dictionary<(string, int), long> offsets = [];
        foreach (var answer in await Task.WhenAll(byLeader.Select(group =>
            AskAsync(group.Key, group, timestamp, isUncommitted))))
        {
            foreach (((string, int) partition, long offset) in answer)
            {
                offsets[partition] = offset;
            }
        }

        return offsets;
    }

    private async Task<IReadOnlyList<((string, int), long)>> AskAsync(
        int leader, IEnumerable<(string Topic, int Partition)> partitions, long timestamp, bool isUncommitted)
    {
        ListOffsetsRequest request = new()
        {
            ReplicaId = isUncommitted ? DebuggingReplica : Consumer,
            TimeoutMs = 10_000,
        };
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            request.Topics.Add(new ListOffsetsRequest.ListOffsetsTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(partition => new ListOffsetsRequest.ListOffsetsPartition
                {
                    PartitionIndex = partition.Partition,
                    Timestamp = timestamp,
                })],
            });
        }

        try
        {
            return await kafka.AskAsync(leader, request, (ListOffsetsResponse response) => (
                from topic in response.Topics
                from partition in topic.Partitions
                where partition.ErrorCode == ErrorCode.None
                select ((topic.Name, partition.PartitionIndex), partition.Offset)).ToList());
        }
        catch (AdminProblem)
        {
            // A leader that has just died: its partitions are left out, as those without a leader are.
            return [];
        }
    }
}
