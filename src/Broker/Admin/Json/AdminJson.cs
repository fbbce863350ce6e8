using System.Text.Json.Serialization;
using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Broker.Admin.Live;
using KRaftSharp.Broker.Admin.V1;
using KRaftSharp.Broker.Admin.V3;

namespace KRaftSharp.Broker.Admin.Json;

/// <summary>How every body of the admin endpoint is written and read; generated, so that nothing is reflected upon.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ClusterData))]
[JsonSerializable(typeof(V3List<ClusterData>))]
[JsonSerializable(typeof(BrokerData))]
[JsonSerializable(typeof(V3List<BrokerData>))]
[JsonSerializable(typeof(ConfigData))]
[JsonSerializable(typeof(V3List<ConfigData>))]
[JsonSerializable(typeof(TopicData))]
[JsonSerializable(typeof(V3List<TopicData>))]
[JsonSerializable(typeof(PartitionData))]
[JsonSerializable(typeof(V3List<PartitionData>))]
[JsonSerializable(typeof(ReplicaData))]
[JsonSerializable(typeof(V3List<ReplicaData>))]
[JsonSerializable(typeof(ReassignmentData))]
[JsonSerializable(typeof(V3List<ReassignmentData>))]
[JsonSerializable(typeof(ConsumerGroupData))]
[JsonSerializable(typeof(V3List<ConsumerGroupData>))]
[JsonSerializable(typeof(ConsumerData))]
[JsonSerializable(typeof(V3List<ConsumerData>))]
[JsonSerializable(typeof(ConsumerAssignmentData))]
[JsonSerializable(typeof(V3List<ConsumerAssignmentData>))]
[JsonSerializable(typeof(ConsumerLagData))]
[JsonSerializable(typeof(V3List<ConsumerLagData>))]
[JsonSerializable(typeof(ConsumerGroupLagSummaryData))]
[JsonSerializable(typeof(CreateTopicBody))]
[JsonSerializable(typeof(UpdateTopicBody))]
[JsonSerializable(typeof(UpdateConfigBody))]
[JsonSerializable(typeof(AlterConfigsBody))]
[JsonSerializable(typeof(ProduceBody))]
[JsonSerializable(typeof(ProduceBatchBody))]
[JsonSerializable(typeof(ProduceAnswer))]
[JsonSerializable(typeof(ProduceBatchAnswer))]
[JsonSerializable(typeof(IReadOnlyList<PartitionOutcome>))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(QuorumData))]
[JsonSerializable(typeof(AddVoterBody))]
[JsonSerializable(typeof(ElectBody))]
[JsonSerializable(typeof(ReassignBody))]
[JsonSerializable(typeof(IReadOnlyList<ReassignmentState>))]
[JsonSerializable(typeof(IReadOnlyList<TransactionSummary>))]
[JsonSerializable(typeof(TransactionData))]
[JsonSerializable(typeof(IReadOnlyList<ProducerData>))]
[JsonSerializable(typeof(IReadOnlyList<GroupSummary>))]
[JsonSerializable(typeof(GroupData))]
[JsonSerializable(typeof(ResetOffsetsBody))]
[JsonSerializable(typeof(IReadOnlyList<OffsetChange>))]
[JsonSerializable(typeof(IReadOnlyList<PartitionState>))]
[JsonSerializable(typeof(IReadOnlyList<TopicSummary>))]
[JsonSerializable(typeof(RecordsData))]
[JsonSerializable(typeof(IReadOnlyList<LogDirData>))]
[JsonSerializable(typeof(IReadOnlyList<LoggerData>))]
[JsonSerializable(typeof(LoggerBody))]
[JsonSerializable(typeof(IReadOnlyList<ConfigSchemaData>))]
[JsonSerializable(typeof(IReadOnlyList<MetadataRecordData>))]
[JsonSerializable(typeof(OverviewData))]
[JsonSerializable(typeof(NodeSample))]
[JsonSerializable(typeof(LeaderData))]
[JsonSerializable(typeof(AclData))]
[JsonSerializable(typeof(V3List<AclData>))]
[JsonSerializable(typeof(AclBody))]
[JsonSerializable(typeof(AclBatchBody))]
[JsonSerializable(typeof(AclDeletedData))]
[JsonSerializable(typeof(NodeConnections))]
[JsonSerializable(typeof(IReadOnlyList<NodeConnections>))]
[JsonSerializable(typeof(ReplicaState))]
[JsonSerializable(typeof(IReadOnlyList<ReplicaState>))]
[JsonSerializable(typeof(NodeInvariants))]
[JsonSerializable(typeof(IReadOnlyList<NodeInvariants>))]
[JsonSerializable(typeof(IReadOnlyList<DrainMove>))]
[JsonSerializable(typeof(ThrottleBody))]
[JsonSerializable(typeof(ThrottleData))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>How every refusal is told.</summary>
internal sealed record ErrorBody(int ErrorCode, string Message);
