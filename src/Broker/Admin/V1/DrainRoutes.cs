using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Empties a broker: every replica that it has moves to another one.</summary>
internal sealed class DrainRoutes(AdminServices services)
{
    public IEnumerable<AdminRoute> Routes =>
    [
        new("POST", "/v1/brokers/{broker_id}:drain", AdminRole.Admin,
            "Moves all replicas of a broker to others, racks and numbers kept even; the moves are then under "
            + "/v1/reassignments. A dry run tells the plan.", DrainAsync)
        { Answer = AdminJson.Default.IReadOnlyListDrainMove, Query = [AdminQuery.DryRun] },
    ];

    private async ValueTask<AdminReply> DrainAsync(AdminCall call)
    {
        MetadataImage image = services.Image;
        int broker = V3.ClusterRoutes.Broker(call, image).Id;
        IReadOnlyList<DrainMove> plan = DrainPlan.Of(image, broker);
        if (!call.IsDryRun && plan.Any(move => move.To is not null))
        {
            IReadOnlyList<PartitionOutcome> outcomes = await services.Topics.ReassignAsync(
                plan.Where(move => move.To is not null).Select(move => (move.Topic, move.Partition, move.To)));
            var errors = outcomes.Where(outcome => outcome.ErrorCode != 0)
                .ToDictionary(outcome => (outcome.Topic, outcome.Partition), outcome => outcome.Message);
            plan = [.. plan.Select(move =>
                errors.TryGetValue((move.Topic, move.Partition), out string? error)
                    ? move with { Error = error }
                    : move)];
        }

        return AdminReply.Ok(plan, AdminJson.Default.IReadOnlyListDrainMove);
    }
}

/// <param name="To">The replicas that it shall have; null where there is no place for them.</param>
/// <param name="Error">Why it does not move; null where it does.</param>
internal sealed record DrainMove(
    string Topic, int Partition, IReadOnlyList<int> From, IReadOnlyList<int>? To, string? Error);

/// <summary>Finds for each replica of a broker another one: in a rack that the partition is not in yet where there is
/// one, then the one with the fewest replicas.</summary>
internal static class DrainPlan
{
    public static IReadOnlyList<DrainMove> Of(MetadataImage image, int broker)
    {
        Dictionary<int, int> loads = image.Cluster.Brokers.Values
            .Where(other => other.Id != broker && !other.IsFenced && !other.InControlledShutdown)
            .ToDictionary(other => other.Id, _ => 0);
        foreach (PartitionRegistration partition in Partitions(image).Select(entry => entry.State))
        {
            foreach (int id in partition.Replicas.Where(loads.ContainsKey))
            {
                loads[id]++;
            }
        }

        List<DrainMove> plan = [];
        foreach ((string topic, int id, PartitionRegistration state) in Partitions(image))
        {
            if (!state.Replicas.Contains(broker))
            {
                continue;
            }

            if (state.IsReassigning)
            {
                plan.Add(new DrainMove(topic, id, state.Replicas, null, "Its replicas are being moved already"));
                continue;
            }

            HashSet<string?> racks = [.. state.Replicas.Where(other => other != broker)
                .Select(other => image.Cluster.Broker(other)?.Rack)];
            int? target = loads.Keys
                .Where(other => !state.Replicas.Contains(other))
                .OrderBy(other => racks.Contains(image.Cluster.Broker(other)?.Rack))
                .ThenBy(other => loads[other])
                .ThenBy(other => other)
                .Cast<int?>()
                .FirstOrDefault();
            if (target is { } to)
            {
                loads[to]++;
                plan.Add(new DrainMove(
                    topic, id, state.Replicas, [.. state.Replicas.Select(other => other == broker ? to : other)],
                    null));
            }
            else
            {
                plan.Add(new DrainMove(
                    topic, id, state.Replicas, null, "There is no broker that has no replica of it"));
            }
        }

        return plan;
    }

    private static IEnumerable<(string Topic, int Id, PartitionRegistration State)> Partitions(MetadataImage image) =>
        from topic in image.Topics.InNameOrder
        from partition in topic.Partitions
        select (topic.Name, partition.Key, partition.Value);
}
