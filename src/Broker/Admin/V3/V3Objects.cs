using System.Text.Json.Serialization;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>A link to another object.</summary>
internal sealed record Related([property: JsonPropertyName("related")] string Url);

internal sealed record V3Metadata(string Self, string ResourceName);

internal sealed record V3ListMetadata(string Self, string? Next);

/// <summary>What every object of the API has in front.</summary>
internal abstract record V3Object(
    [property: JsonPropertyOrder(-3)] string Kind, [property: JsonPropertyOrder(-2)] V3Metadata Metadata,
    [property: JsonPropertyOrder(-1)] string ClusterId);

internal sealed record V3List<T>(string Kind, V3ListMetadata Metadata, IReadOnlyList<T> Data);

internal sealed record ClusterData(
    V3Metadata Metadata, string ClusterId, Related? Controller, Related Acls, Related Brokers, Related BrokerConfigs,
    Related ConsumerGroups, Related Topics, Related PartitionReassignments)
    : V3Object("KafkaCluster", Metadata, ClusterId);

internal sealed record BrokerData(
    V3Metadata Metadata, string ClusterId, int BrokerId, string? Host, int? Port, string? Rack, Related Configs,
    Related PartitionReplicas)
    : V3Object("KafkaBroker", Metadata, ClusterId);

internal sealed record ConfigSynonymData(string Name, string? Value, string Source);

internal sealed record ConfigData(
    string Kind, V3Metadata Metadata, string ClusterId, string Name, string? Value, bool IsDefault, bool IsReadOnly,
    bool IsSensitive, string Source, IReadOnlyList<ConfigSynonymData> Synonyms)
    : V3Object(Kind, Metadata, ClusterId)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BrokerId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TopicName { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConfigType { get; init; }
}

internal sealed record TopicData(
    V3Metadata Metadata, string ClusterId, string TopicName, string TopicId, bool IsInternal, int ReplicationFactor,
    int PartitionsCount, Related Partitions, Related Configs, Related PartitionReassignments,
    IReadOnlyList<string> AuthorizedOperations)
    : V3Object("KafkaTopic", Metadata, ClusterId);

internal sealed record PartitionData(
    V3Metadata Metadata, string ClusterId, string TopicName, int PartitionId, Related? Leader, Related Replicas,
    Related Reassignment)
    : V3Object("KafkaPartition", Metadata, ClusterId);

internal sealed record ReplicaData(
    V3Metadata Metadata, string ClusterId, string TopicName, int PartitionId, int BrokerId, bool IsLeader,
    bool IsInSync, Related Broker)
    : V3Object("KafkaReplica", Metadata, ClusterId);

internal sealed record ReassignmentData(
    V3Metadata Metadata, string ClusterId, string TopicName, int PartitionId, IReadOnlyList<int> AddingReplicas,
    IReadOnlyList<int> RemovingReplicas, Related Replicas)
    : V3Object("KafkaReassignment", Metadata, ClusterId);

internal sealed record AclData(
    V3Metadata Metadata, string ClusterId, string ResourceType, string ResourceName, string PatternType,
    string Principal, string Host, string Operation, string Permission)
    : V3Object("KafkaAcl", Metadata, ClusterId);

/// <summary>What was deleted.</summary>
internal sealed record AclDeletedData(IReadOnlyList<AclData> Data);

internal sealed record ConsumerGroupData(
    V3Metadata Metadata, string ClusterId, string ConsumerGroupId, bool IsSimple, string PartitionAssignor,
    string State, string Type, Related Coordinator, Related Consumers, Related LagSummary)
    : V3Object("KafkaConsumerGroup", Metadata, ClusterId);

internal sealed record ConsumerData(
    V3Metadata Metadata, string ClusterId, string ConsumerGroupId, string ConsumerId, string? InstanceId,
    string ClientId, Related Assignments)
    : V3Object("KafkaConsumer", Metadata, ClusterId);

internal sealed record ConsumerAssignmentData(
    V3Metadata Metadata, string ClusterId, string ConsumerGroupId, string ConsumerId, string TopicName,
    int PartitionId, Related Partition, Related Lag)
    : V3Object("KafkaConsumerAssignment", Metadata, ClusterId);

internal sealed record ConsumerLagData(
    V3Metadata Metadata, string ClusterId, string ConsumerGroupId, string TopicName, int PartitionId,
    long CurrentOffset, long LogEndOffset, long Lag, string ConsumerId, string? InstanceId, string ClientId)
    : V3Object("KafkaConsumerLag", Metadata, ClusterId);

internal sealed record ConsumerGroupLagSummaryData(
    V3Metadata Metadata, string ClusterId, string ConsumerGroupId, string MaxLagConsumerId,
    string? MaxLagInstanceId, string MaxLagClientId, string MaxLagTopicName, int MaxLagPartitionId, long MaxLag,
    long TotalLag, Related MaxLagConsumer, Related MaxLagPartition)
    : V3Object("KafkaConsumerGroupLagSummary", Metadata, ClusterId);
