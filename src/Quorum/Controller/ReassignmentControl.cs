using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// Reassignments (KIP-455): a partition gets the replicas it is to have beside those it has; once they are in the ISR
/// it loses the others.
/// </summary>
internal sealed class ReassignmentControl(ControllerState state, ReplicaAssignments assignments)
{
    /// <summary>Version 1 may forbid another number of replicas (KIP-860).</summary>
    public Decision Alter(AlterPartitionReassignmentsRequest request)
    {
        if (request.Topics.Count == 0)
        {
            // Kafka gives the empty answer before it looks at anything: its message is empty, not null.
            return Decision.Answer(new AlterPartitionReassignmentsResponse());
        }

        AlterPartitionReassignmentsResponse response = new()
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
            ErrorMessage = null,
        };
        List<VersionedRecord> records = [];
        // Each partition once: what is asked for last of several is decided on what the earlier ones left.
        Dictionary<(Uuid, int), PartitionRegistration> changed = [];
        foreach (AlterPartitionReassignmentsRequest.ReassignableTopic topic in request.Topics)
        {
            AlterPartitionReassignmentsResponse.ReassignableTopicResponse result = new() { Name = topic.Name };
            response.Responses.Add(result);
            foreach (AlterPartitionReassignmentsRequest.ReassignablePartition wanted in topic.Partitions)
            {
                ApiError error = Alter(topic.Name, wanted, request.AllowReplicationFactorChange, changed, records);
                result.Partitions.Add(new()
                {
                    PartitionIndex = wanted.PartitionIndex,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Message,
                });
            }
        }

        return records.Count > state.Settings.MaxRecordsPerDecision
            ? Decision.Answer(ControllerResponses.Failure(request, new ApiError(
                ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.")))
            : new Decision(records, response);
    }

    /// <summary>The reassignments under way, of all topics or of those that are named.</summary>
    public Decision List(ListPartitionReassignmentsRequest request)
    {
        ListPartitionReassignmentsResponse response = new() { ErrorMessage = null };
        if (request.Topics is { } wanted)
        {
            foreach (ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics one in wanted)
            {
                if (state.Image.Topics.TryGet(one.Name, out TopicImage? topic))
                {
                    List(topic, one.PartitionIndexes, response);
                }
            }
        }
        else
        {
            foreach (TopicImage topic in state.Image.Topics.InNameOrder)
            {
                List(topic, topic.Partitions.Keys, response);
            }
        }

        return Decision.Answer(response);
    }

    private static void List(
        TopicImage topic, IEnumerable<int> partitions, ListPartitionReassignmentsResponse response)
    {
        ListPartitionReassignmentsResponse.OngoingTopicReassignment ongoing = new() { Name = topic.Name };
        foreach (int id in partitions)
        {
            if (topic.Partitions.TryGetValue(id, out PartitionRegistration? partition) && partition.IsReassigning)
            {
                ongoing.Partitions.Add(new()
                {
                    PartitionIndex = id,
                    Replicas = [.. partition.Replicas],
                    AddingReplicas = [.. partition.AddingReplicas],
                    RemovingReplicas = [.. partition.RemovingReplicas],
                });
            }
        }

        if (ongoing.Partitions.Count > 0)
        {
            response.Topics.Add(ongoing);
        }
    }

    private ApiError Alter(
        string name,
        AlterPartitionReassignmentsRequest.ReassignablePartition wanted,
        bool mayChangeFactor,
        Dictionary<(Uuid, int), PartitionRegistration> changed,
        List<VersionedRecord> records)
    {
        if (!state.Image.Topics.TryGet(name, out TopicImage? topic))
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {name}.");
        }

        int id = wanted.PartitionIndex;
        if (!topic.Partitions.TryGetValue(id, out PartitionRegistration? partition))
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {name}:{id}.");
        }

        partition = changed.GetValueOrDefault((topic.Id, id)) ?? partition;
        ApiError error = wanted.Replicas is { } replicas
            ? Begin(topic, id, partition, replicas, mayChangeFactor, out VersionedRecord? record)
            : Cancel(topic, id, partition, out record);
        if (record is { } change)
        {
            records.Add(change);
            changed[(topic.Id, id)] = partition.Merge((PartitionChangeRecord)change.Record);
        }

        return error;
    }

    private ApiError Begin(
        TopicImage topic, int id, PartitionRegistration partition, List<int> target, bool mayChangeFactor,
        out VersionedRecord? record)
    {
        record = null;
        ApiError error = assignments.CheckManual(target, replicationFactor: null);
        if (error.IsFailure)
        {
            return error;
        }

        int factor = partition.Replicas.Union(partition.AddingReplicas).Except(partition.RemovingReplicas).Count();
        if (!mayChangeFactor && factor != target.Count)
        {
            return new(
                ErrorCode.InvalidReplicationFactor,
                $"The replication factor is changed from {factor} to {target.Count}");
        }

        // Who is still being added by an earlier reassignment is so for this one.
        int[] removing = [.. partition.Replicas.Except(target).Order()];
        int[] adding = [.. target.Except(partition.Replicas.Except(partition.AddingReplicas)).Order()];
        record = Builder(topic, id, partition, [.. target, .. removing], partition.Isr, removing, adding).Build();
        return ApiError.None;
    }

    private ApiError Cancel(
        TopicImage topic, int id, PartitionRegistration partition, out VersionedRecord? record)
    {
        record = null;
        if (!partition.IsReassigning)
        {
            return new(ErrorCode.NoReassignmentInProgress);
        }

        int[] replicas = [.. partition.Replicas.Except(partition.AddingReplicas)];
        int[] isr = [.. partition.Isr.Except(partition.AddingReplicas)];
        if (isr.Length == 0 && partition.Isr.Length > 0)
        {
            // All that has everything is among those that were to be added.
            if (!state.Configs.IsUncleanElectionEnabled(state.Image.Configs, topic.Name))
            {
                return new(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Unable to revert partition assignment for {topic.Name}:{id} because it would require an unclean "
                    + "leader election.");
            }

            isr = [replicas[0]];
        }

        record = Builder(topic, id, partition, replicas, isr, [], []).Build();
        return ApiError.None;
    }

    private PartitionChangeBuilder Builder(
        TopicImage topic, int id, PartitionRegistration partition, int[] replicas, int[] isr, int[] removing,
        int[] adding) =>
        new(state.ContextOf(topic), id, partition, state.LeaderRule(partition))
        {
            TargetReplicas = replicas,
            TargetIsr = isr,
            TargetRemoving = removing,
            TargetAdding = adding,
        };
}
