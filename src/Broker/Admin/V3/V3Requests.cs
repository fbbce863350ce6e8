using System.Text.Json;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>The body of a topic's creation.</summary>
internal sealed record CreateTopicBody(
    string TopicName, int? PartitionsCount = null, short? ReplicationFactor = null,
    IReadOnlyList<ReplicasAssignmentBody>? ReplicasAssignments = null, IReadOnlyList<NameValueBody>? Configs = null,
    bool? ValidateOnly = null);

internal sealed record ReplicasAssignmentBody(int PartitionId, IReadOnlyList<int> BrokerIds);

internal sealed record NameValueBody(string Name, string? Value = null);

/// <summary>The body of a topic's change: more partitions.</summary>
internal sealed record UpdateTopicBody(int PartitionsCount);

/// <summary>A config's new value.</summary>
internal sealed record UpdateConfigBody(string? Value);

/// <summary>Changes of several configs, all or nothing.</summary>
internal sealed record AlterConfigsBody(IReadOnlyList<AlterConfigBody> Data, bool? ValidateOnly = null);

/// <param name="Operation">SET (where it is missing) or DELETE.</param>
internal sealed record AlterConfigBody(string Name, string? Value = null, string? Operation = null);

/// <summary>An access control entry; its words are those of Kafka's own tool.</summary>
internal sealed record AclBody(
    string ResourceType, string ResourceName, string PatternType, string Principal, string Host, string Operation,
    string Permission);

internal sealed record AclBatchBody(IReadOnlyList<AclBody> Data);

/// <summary>A record to be produced.</summary>
internal sealed record ProduceBody(
    int? PartitionId = null, IReadOnlyList<ProduceHeaderBody>? Headers = null, ProduceDataBody? Key = null,
    ProduceDataBody? Value = null, DateTimeOffset? Timestamp = null);

/// <param name="Value">In base64; null for none.</param>
internal sealed record ProduceHeaderBody(string Name, string? Value = null);

/// <param name="Type">BINARY (base64), STRING or JSON.</param>
internal sealed record ProduceDataBody(string? Type = null, JsonElement? Data = null);

internal sealed record ProduceBatchBody(IReadOnlyList<ProduceBatchEntryBody> Entries);

internal sealed record ProduceBatchEntryBody(
    string Id, int? PartitionId = null, IReadOnlyList<ProduceHeaderBody>? Headers = null, ProduceDataBody? Key = null,
    ProduceDataBody? Value = null, DateTimeOffset? Timestamp = null)
{
    public ProduceBody Record => new(PartitionId, Headers, Key, Value, Timestamp);
}

/// <summary>What became of one record.</summary>
/// <param name="ErrorCode">200 where it was written, or in a dry run could be.</param>
/// <param name="Offset">Null in a dry run.</param>
internal sealed record ProduceAnswer(
    int ErrorCode, string? Message, string? ClusterId, string? TopicName, int? PartitionId, long? Offset,
    DateTimeOffset? Timestamp, ProducedDataAnswer? Key, ProducedDataAnswer? Value);

internal sealed record ProducedDataAnswer(string Type, int Size);

internal sealed record ProduceBatchAnswer(
    IReadOnlyList<ProduceBatchSuccess> Successes, IReadOnlyList<ProduceBatchFailure> Failures);

internal sealed record ProduceBatchSuccess(
    string Id, string ClusterId, string TopicName, int PartitionId, long? Offset, DateTimeOffset? Timestamp,
    ProducedDataAnswer? Key, ProducedDataAnswer? Value);

internal sealed record ProduceBatchFailure(string Id, int ErrorCode, string Message);
