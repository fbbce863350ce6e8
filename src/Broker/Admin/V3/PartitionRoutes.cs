using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>Partitions, their replicas, and the moves of replicas that are under way.</summary>
internal sealed class PartitionRoutes(AdminServices services)
{
    private const string Partitions = V3Scope.Root + "/topics/{topic_name}/partitions";
    private const string One = Partitions + "/{partition_id}";

    private static readonly AdminQuery[] Paging = [AdminQuery.PageSize, AdminQuery.PageToken];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Partitions, AdminRole.Reader, "The partitions of a topic.", List)
        { Answer = AdminJson.Default.V3ListPartitionData, Query = Paging },
        new("GET", One, AdminRole.Reader, "A partition.", Get) { Answer = AdminJson.Default.PartitionData },
        new("GET", One + "/replicas", AdminRole.Reader, "The replicas of a partition.", Replicas)
        { Answer = AdminJson.Default.V3ListReplicaData, Query = Paging },
        new("GET", One + "/replicas/{broker_id}", AdminRole.Reader, "A replica.", OneReplica)
        { Answer = AdminJson.Default.ReplicaData },
        new("GET", One + "/reassignment", AdminRole.Reader, "The move of a partition's replicas.", Reassignment)
        { Answer = AdminJson.Default.ReassignmentData },
        new("GET", Partitions + "/-/reassignment", AdminRole.Reader, "The moves in a topic.", ReassignmentsOfTopic)
        { Answer = AdminJson.Default.V3ListReassignmentData, Query = Paging },
        new("GET", V3Scope.Root + "/topics/-/partitions/-/reassignment", AdminRole.Reader, "All moves of replicas.",
            Reassignments)
        { Answer = AdminJson.Default.V3ListReassignmentData, Query = Paging },
    ];

    internal static ReplicaData Replica(
        V3Scope scope, string topic, int partition, PartitionRegistration state, int broker)
    {
        string path = $"{PathOf(topic, partition)}/replicas/{broker}";
        return new ReplicaData(
            scope.Metadata(path, "topic", topic, "partition", $"{partition}", "replica", $"{broker}"),
            scope.ClusterId, topic, partition, broker, state.Leader == broker, state.Isr.Contains(broker),
            scope.Related($"brokers/{broker}"));
    }

    private ValueTask<AdminReply> List(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        return new(scope.List(
            "KafkaPartitionList", topic.Partitions, partition => V3Scope.Sortable(partition.Key),
            partition => View(scope, topic.Name, partition.Key, partition.Value),
            AdminJson.Default.V3ListPartitionData));
    }

    private ValueTask<AdminReply> Get(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        PartitionRegistration state = scope.Partition(topic);
        return new(AdminReply.Ok(
            View(scope, topic.Name, call.RouteInt("partition_id"), state), AdminJson.Default.PartitionData));
    }

    private ValueTask<AdminReply> Replicas(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        PartitionRegistration state = scope.Partition(topic);
        return new(scope.List(
            "KafkaReplicaList", state.Replicas, V3Scope.Sortable,
            broker => Replica(scope, topic.Name, call.RouteInt("partition_id"), state, broker),
            AdminJson.Default.V3ListReplicaData));
    }

    private ValueTask<AdminReply> OneReplica(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        PartitionRegistration state = scope.Partition(topic);
        int broker = call.RouteInt("broker_id");
        return state.Replicas.Contains(broker)
            ? new(AdminReply.Ok(
                Replica(scope, topic.Name, call.RouteInt("partition_id"), state, broker),
                AdminJson.Default.ReplicaData))
            : throw AdminProblem.NotFound($"Broker {broker} has no replica of this partition");
    }

    private ValueTask<AdminReply> Reassignment(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        PartitionRegistration state = scope.Partition(topic);
        return state.IsReassigning
            ? new(AdminReply.Ok(
                View(scope, (topic.Name, call.RouteInt("partition_id"), state)), AdminJson.Default.ReassignmentData))
            : throw AdminProblem.NotFound("No replicas of this partition are being moved");
    }

    private ValueTask<AdminReply> ReassignmentsOfTopic(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return Reassignments(scope, [scope.Topic(services.Image)]);
    }

    private ValueTask<AdminReply> Reassignments(AdminCall call) =>
        Reassignments(services.Scope(call), services.Image.Topics.InNameOrder);

    private static ValueTask<AdminReply> Reassignments(V3Scope scope, IEnumerable<TopicImage> topics)
    {
        var moves = from topic in topics
                    from partition in topic.Partitions
                    where partition.Value.IsReassigning
                    select (Topic: topic.Name, Id: partition.Key, State: partition.Value);
        return new(scope.List(
            "KafkaReassignmentList", moves, move => $"{move.Topic}/{V3Scope.Sortable(move.Id)}",
            move => View(scope, move), AdminJson.Default.V3ListReassignmentData));
    }

    private static PartitionData View(V3Scope scope, string topic, int partition, PartitionRegistration state)
    {
        string path = PathOf(topic, partition);
        return new PartitionData(
            scope.Metadata(path, "topic", topic, "partition", $"{partition}"), scope.ClusterId, topic, partition,
            state.HasLeader ? scope.Related($"{path}/replicas/{state.Leader}") : null,
            scope.Related($"{path}/replicas"), scope.Related($"{path}/reassignment"));
    }

    private static ReassignmentData View(
        V3Scope scope, (string Topic, int Id, PartitionRegistration State) move)
    {
        string path = PathOf(move.Topic, move.Id);
        return new ReassignmentData(
            scope.Metadata(
                $"{path}/reassignment", "topic", move.Topic, "partition", $"{move.Id}", "reassignment", "-"),
            scope.ClusterId, move.Topic, move.Id, move.State.AddingReplicas, move.State.RemovingReplicas,
            scope.Related($"{path}/replicas"));
    }

    private static string PathOf(string topic, int partition) =>
        $"topics/{V3Scope.Escape(topic)}/partitions/{partition}";
}
