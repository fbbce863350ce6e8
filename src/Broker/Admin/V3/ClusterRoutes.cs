using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>The cluster and its brokers.</summary>
internal sealed class ClusterRoutes(AdminServices services)
{
    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v3/clusters", AdminRole.Reader, "The cluster, as a list of one.", call => new(
            services.In(call).List("KafkaClusterList", [services.ClusterId], id => id,
                _ => Cluster(services.In(call)), AdminJson.Default.V3ListClusterData)))
        { Answer = AdminJson.Default.V3ListClusterData, Query = [AdminQuery.PageSize, AdminQuery.PageToken] },
        new("GET", V3Scope.Root, AdminRole.Reader, "The cluster.", call => new(
            AdminReply.Ok(Cluster(services.Scope(call)), AdminJson.Default.ClusterData)))
        { Answer = AdminJson.Default.ClusterData },
        new("GET", V3Scope.Root + "/brokers", AdminRole.Reader, "The brokers that are registered.", List)
        { Answer = AdminJson.Default.V3ListBrokerData, Query = [AdminQuery.PageSize, AdminQuery.PageToken] },
        new("GET", V3Scope.Root + "/brokers/{broker_id}", AdminRole.Reader, "A broker.", Get)
        { Answer = AdminJson.Default.BrokerData },
        new("GET", V3Scope.Root + "/brokers/{broker_id}/partition-replicas", AdminRole.Reader,
            "The replicas that a broker keeps.", Replicas)
        { Answer = AdminJson.Default.V3ListReplicaData, Query = [AdminQuery.PageSize, AdminQuery.PageToken] },
    ];

    /// <summary>The registered broker that the path names.</summary>
    /// <exception cref="AdminProblem">There is none.</exception>
    public static BrokerRegistration Broker(AdminCall call, MetadataImage image) =>
        image.Cluster.Broker(call.RouteInt("broker_id"))
            ?? throw AdminProblem.NotFound($"Broker {call.Route("broker_id")} is not registered");

    private ValueTask<AdminReply> List(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return new(scope.List(
            "KafkaBrokerList", services.Image.Cluster.Brokers.Values, broker => V3Scope.Sortable(broker.Id),
            broker => View(scope, broker), AdminJson.Default.V3ListBrokerData));
    }

    private ValueTask<AdminReply> Get(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return new(AdminReply.Ok(View(scope, Broker(call, services.Image)), AdminJson.Default.BrokerData));
    }

    private ValueTask<AdminReply> Replicas(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        MetadataImage image = services.Image;
        int broker = Broker(call, image).Id;
        var kept = from topic in image.Topics.InNameOrder
                   from partition in topic.Partitions
                   where partition.Value.Replicas.Contains(broker)
                   select (Topic: topic.Name, Id: partition.Key, State: partition.Value);
        return new(scope.List(
            "KafkaReplicaList", kept, entry => $"{entry.Topic}/{V3Scope.Sortable(entry.Id)}",
            entry => PartitionRoutes.Replica(scope, entry.Topic, entry.Id, entry.State, broker),
            AdminJson.Default.V3ListReplicaData));
    }

    private ClusterData Cluster(V3Scope scope)
    {
        // Any broker answers for the controller, as it does in Metadata responses.
        IReadOnlyList<int> alive = services.Kafka.AliveBrokers;
        return new ClusterData(
            scope.Metadata(""), scope.ClusterId, alive.Count > 0 ? scope.Related($"brokers/{alive[0]}") : null,
            scope.Related("acls"), scope.Related("brokers"), scope.Related("broker-configs"),
            scope.Related("consumer-groups"), scope.Related("topics"),
            scope.Related("topics/-/partitions/-/reassignment"));
    }

    private BrokerData View(V3Scope scope, BrokerRegistration broker)
    {
        ListenerEndpoint? endpoint = broker.Listeners.Values
            .FirstOrDefault(listener => listener.Name == services.InterBrokerListener);
        string path = $"brokers/{broker.Id}";
        return new BrokerData(
            scope.Metadata(path, "broker", $"{broker.Id}"), scope.ClusterId, broker.Id, endpoint?.Host, endpoint?.Port,
            broker.Rack, scope.Related($"{path}/configs"), scope.Related($"{path}/partition-replicas"));
    }
}
