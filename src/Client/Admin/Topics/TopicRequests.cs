using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>The parts of requests and answers about topics.</summary>
internal static class TopicRequests
{
    public static CreateTopicsRequest.CreatableTopic Creatable(NewTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Assignments is null ? topic.Partitions : -1,
        ReplicationFactor = topic.Assignments is null ? topic.ReplicationFactor : (short)-1,
        Assignments = [.. (topic.Assignments ?? []).Select(
            (replicas, partition) => new CreateTopicsRequest.CreatableReplicaAssignment
            {
                PartitionIndex = partition,
                BrokerIds = [.. replicas],
            })],
        Configs = [.. topic.Configs.Select(
            config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })],
    };

    public static CreatePartitionsRequest.CreatePartitionsTopic Growth(NewPartitions topic) => new()
    {
        Name = topic.Topic,
        Count = topic.Count,
        Assignments = topic.Assignments is null
            ? null
            : [.. topic.Assignments.Select(replicas => new CreatePartitionsRequest.CreatePartitionsAssignment
            {
                BrokerIds = [.. replicas],
            })],
    };

    public static IEnumerable<TopicView> View(MetadataResponse answer) =>
        ClusterViewBuilder.Merge(ClusterView.Empty, answer, isFull: true).Topics.Values;

    /// <summary>A topic that goes on over a page's end continues what is known of it.</summary>
    public static void AddPage(
        Dictionary<string, Outcome<TopicDescription>> found, DescribeTopicPartitionsResponse page)
    {
        foreach (DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic topic in page.Topics)
        {
            string name = topic.Name ?? "";
            IEnumerable<PartitionDescription> earlier = found.TryGetValue(name, out Outcome<TopicDescription>? known)
                && known.IsOk
                    ? known.Value.Partitions
                    : [];
            found[name] = Outcome.Of(topic.ErrorCode, null, new TopicDescription(
                name, topic.TopicId, topic.IsInternal, [.. earlier, .. topic.Partitions.Select(Partition)]));
        }
    }

    /// <summary>The request for what is behind a page; without a cursor after the last.</summary>
    public static DescribeTopicPartitionsRequest Next(
        DescribeTopicPartitionsRequest request, DescribeTopicPartitionsResponse page) => new()
        {
            Topics = request.Topics,
            Cursor = page.NextCursor is { } next
                ? new DescribeTopicPartitionsRequest.CursorValue
                {
                    TopicName = next.TopicName,
                    PartitionIndex = next.PartitionIndex,
                }
                : null,
        };

    private static PartitionDescription Partition(
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition partition) => new(
            partition.PartitionIndex, partition.LeaderId, partition.LeaderEpoch, partition.ReplicaNodes,
            partition.IsrNodes, partition.OfflineReplicas, partition.EligibleLeaderReplicas ?? [],
            partition.LastKnownElr ?? []);
}
