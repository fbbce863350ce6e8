using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Log.Epochs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>A partition's replicas as the brokers that have them see them: offsets, epochs, what became of them.
/// </summary>
internal sealed class ReplicaRoutes(AdminServices services)
{
    private const string Tail = "topics/{topic_name}/partitions/{partition_id}";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", $"/v1/{Tail}/replicas", AdminRole.Reader,
            "Each replica's log start, high watermark and log end, its epochs, and when it led, followed or was cut.",
            AllAsync)
        { Answer = AdminJson.Default.IReadOnlyListReplicaState },
        new("GET", $"/v1/node/{Tail}", AdminRole.Reader, "This node's replica of a partition.", call => new(
            AdminReply.Ok(
                Here(call.Route("topic_name"), call.RouteInt("partition_id"))
                    ?? throw AdminProblem.NotFound("This node has no replica of this partition"),
                AdminJson.Default.ReplicaState)))
        { Answer = AdminJson.Default.ReplicaState },
    ];

    private async ValueTask<AdminReply> AllAsync(AdminCall call)
    {
        V3.V3Scope scope = services.In(call);
        TopicImage topic = scope.Topic(services.Image);
        PartitionRegistration partition = scope.Partition(topic);
        int index = call.RouteInt("partition_id");
        string path = $"/v1/node/topics/{V3.V3Scope.Escape(topic.Name)}/partitions/{index}";
        ReplicaState?[] states = await Task.WhenAll(partition.Replicas.Select(broker =>
            broker == services.Node.Config.NodeId ? Task.FromResult(Here(topic.Name, index))
                : services.Image.Cluster.IsActive(broker)
                    ? services.Peers.TryGetAsync(broker, path, AdminJson.Default.ReplicaState)
                    : Task.FromResult<ReplicaState?>(null)));
        IReadOnlyList<ReplicaState> all = [.. states.Zip(partition.Replicas, (state, broker) =>
            state ?? new ReplicaState(broker, null, null, null, null, null, [], []))];
        return AdminReply.Ok(all, AdminJson.Default.IReadOnlyListReplicaState);
    }

    private ReplicaState? Here(string topic, int index)
    {
        if (services.Node.Replicas?.Get(new TopicPartition(topic, index)) is not { } partition)
        {
            return null;
        }

        PartitionLog log = partition.Log;
        return new ReplicaState(
            services.Node.Config.NodeId, partition.View.Role.ToString(), log.LogStartOffset, log.HighWatermark,
            log.LastStableOffset, log.LogEndOffset, log.Epochs.Entries, partition.Timeline.Events);
    }
}

/// <param name="Role">Leader, Follower or None; null, as all else, where the broker does not answer.</param>
/// <param name="Epochs">The leader epochs of its log and where each begins.</param>
internal sealed record ReplicaState(
    int Broker, string? Role, long? LogStartOffset, long? HighWatermark, long? LastStableOffset, long? LogEndOffset,
    IReadOnlyList<EpochEntry> Epochs, IReadOnlyList<ReplicaEvent> Events);
