using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Who leads and where replicas are: elections, moves of replicas, brokers that are gone for good.</summary>
internal sealed class PlacementRoutes(AdminServices services)
{
    private static readonly AdminQuery[] DryRun = [AdminQuery.DryRun];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("POST", "/v1/elections", AdminRole.Admin,
            "Elects leaders: preferred ones, or unclean ones where no in-sync replica is alive.", ElectAsync)
        {
            Body = AdminJson.Default.ElectBody, Answer = AdminJson.Default.IReadOnlyListPartitionOutcome,
            Query = DryRun,
        },
        new("GET", "/v1/reassignments", AdminRole.Reader, "The moves of replicas that are under way.", List)
        { Answer = AdminJson.Default.IReadOnlyListReassignmentState },
        new("POST", "/v1/reassignments", AdminRole.Admin,
            "Starts moves of replicas; one without replicas cancels the move that is under way.", ReassignAsync)
        {
            Body = AdminJson.Default.ReassignBody, Answer = AdminJson.Default.IReadOnlyListPartitionOutcome,
            Query = DryRun,
        },
        new("DELETE", "/v1/brokers/{broker_id}", AdminRole.Admin, "Unregisters a broker that is gone for good.",
            UnregisterAsync)
        { Success = 204, Query = DryRun },
    ];

    private async ValueTask<AdminReply> ElectAsync(AdminCall call)
    {
        ElectBody body = await call.ReadAsync(AdminJson.Default.ElectBody);
        sbyte type = body.Type switch
        {
            null or "preferred" => TopicCalls.Preferred,
            "unclean" => TopicCalls.Unclean,
            var other => throw AdminProblem.BadRequest($"The type is preferred or unclean, not {other}"),
        };
        MetadataImage image = services.Image;
        List<(string Topic, int Partition)> partitions = [.. body.Partitions is { } named
            ? named.Select(partition => (partition.Topic, partition.Partition))
            : from topic in image.Topics.InNameOrder
              from partition in topic.Partitions
              where type == TopicCalls.Preferred ? !partition.Value.HasPreferredLeader : !partition.Value.HasLeader
              select (topic.Name, partition.Key)];
        if (!call.IsDryRun)
        {
            return Outcomes(await services.Topics.ElectAsync(type, partitions));
        }

        return Outcomes([.. partitions.Select(partition => Foresee(image, type, partition))]);
    }

    private static PartitionOutcome Foresee(MetadataImage image, sbyte type, (string Topic, int Partition) key)
    {
        PartitionRegistration? partition = image.Topics.Partition(key.Topic, key.Partition);
        ErrorCode error = partition switch
        {
            null => ErrorCode.UnknownTopicOrPartition,
            _ when type == TopicCalls.Preferred && partition.HasPreferredLeader => ErrorCode.ElectionNotNeeded,
            _ when type == TopicCalls.Preferred && !(image.Cluster.IsActive(partition.PreferredReplica)
                && partition.Isr.Contains(partition.PreferredReplica)) => ErrorCode.PreferredLeaderNotAvailable,
            _ when type == TopicCalls.Unclean && partition.HasLeader => ErrorCode.ElectionNotNeeded,
            _ when type == TopicCalls.Unclean && !partition.Replicas.Any(image.Cluster.IsActive)
                => ErrorCode.EligibleLeadersNotAvailable,
            _ => ErrorCode.None,
        };
        return PartitionOutcome.Of(key.Topic, key.Partition, error, null);
    }

    private ValueTask<AdminReply> List(AdminCall call)
    {
        IReadOnlyList<ReassignmentState> moves = [.. from topic in services.Image.Topics.InNameOrder
                                                     from partition in topic.Partitions
                                                     where partition.Value.IsReassigning
                                                     select new ReassignmentState(
                                                         topic.Name, partition.Key, partition.Value.Replicas,
                                                         partition.Value.AddingReplicas,
                                                         partition.Value.RemovingReplicas, partition.Value.Isr)];
        return new(AdminReply.Ok(moves, AdminJson.Default.IReadOnlyListReassignmentState));
    }

    private async ValueTask<AdminReply> ReassignAsync(AdminCall call)
    {
        ReassignBody body = await call.ReadAsync(AdminJson.Default.ReassignBody);
        if (!call.IsDryRun)
        {
            return Outcomes(await services.Topics.ReassignAsync(
                body.Moves.Select(move => (move.Topic, move.Partition, move.Replicas))));
        }

        MetadataImage image = services.Image;
        return Outcomes([.. body.Moves.Select(move => Foresee(image, move))]);
    }

    private static PartitionOutcome Foresee(MetadataImage image, MoveBody move)
    {
        PartitionRegistration? partition = image.Topics.Partition(move.Topic, move.Partition);
        (ErrorCode error, string? message) = (partition, move.Replicas) switch
        {
            (null, _) => (ErrorCode.UnknownTopicOrPartition, null),
            ({ IsReassigning: false }, null) => (ErrorCode.NoReassignmentInProgress, null),
            (_, { Count: 0 }) => (ErrorCode.InvalidReplicaAssignment, "The replicas must not be empty"),
            (_, { } replicas) when replicas.Distinct().Count() != replicas.Count =>
                (ErrorCode.InvalidReplicaAssignment, "A broker is named twice"),
            (_, { } replicas) when replicas.Any(id => image.Cluster.Broker(id) is null) =>
                (ErrorCode.InvalidReplicaAssignment, "A broker is not registered"),
            _ => (ErrorCode.None, (string?)null),
        };
        return PartitionOutcome.Of(move.Topic, move.Partition, error, message);
    }

    private async ValueTask<AdminReply> UnregisterAsync(AdminCall call)
    {
        BrokerRegistration broker = V3.ClusterRoutes.Broker(call, services.Image);
        if (!broker.IsFenced)
        {
            throw AdminProblem.BadRequest($"Broker {broker.Id} is alive: stop it first");
        }

        if (!call.IsDryRun)
        {
            UnregisterBrokerRequest request = new() { BrokerId = broker.Id };
            await services.Kafka.AskAnyAsync(request, (UnregisterBrokerResponse response) =>
            {
                AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
                return true;
            });
        }

        return AdminReply.NoContent;
    }

    private static AdminReply Outcomes(IReadOnlyList<PartitionOutcome> outcomes) =>
        AdminReply.Ok(outcomes, AdminJson.Default.IReadOnlyListPartitionOutcome);
}

/// <param name="Type">preferred (where it is missing) or unclean.</param>
/// <param name="Partitions">Null: all that such an election could help.</param>
internal sealed record ElectBody(string? Type = null, IReadOnlyList<PartitionBody>? Partitions = null);

internal sealed record PartitionBody(string Topic, int Partition);

internal sealed record ReassignBody(IReadOnlyList<MoveBody> Moves);

/// <param name="Replicas">The brokers that shall have it, the preferred leader first; null cancels a move.</param>
internal sealed record MoveBody(string Topic, int Partition, IReadOnlyList<int>? Replicas = null);

internal sealed record ReassignmentState(
    string Topic, int Partition, IReadOnlyList<int> Replicas, IReadOnlyList<int> AddingReplicas,
    IReadOnlyList<int> RemovingReplicas, IReadOnlyList<int> Isr);
