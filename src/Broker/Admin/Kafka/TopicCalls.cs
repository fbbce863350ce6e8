using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Creates, grows and deletes topics, elects leaders and moves replicas.</summary>
internal sealed class TopicCalls(KafkaGateway kafka)
{
    private const int TimeoutMs = 30_000;

    /// <summary>Preferred leaders.</summary>
    public const sbyte Preferred = 0;

    /// <summary>Any replica that is alive, where none that is in sync is.</summary>
    public const sbyte Unclean = 1;

    /// <summary>Creates a topic, or only checks that it could be.</summary>
    /// <exception cref="AdminProblem">It cannot.</exception>
    public async Task CreateAsync(CreateTopicsRequest.CreatableTopic topic, bool validateOnly)
    {
        CreateTopicsRequest request = new() { Topics = [topic], TimeoutMs = TimeoutMs, ValidateOnly = validateOnly };
        await kafka.AskAnyAsync(request, (CreateTopicsResponse response) =>
        {
            AdminProblem.ThrowIf(response.Topics[0].ErrorCode, response.Topics[0].ErrorMessage);
            return true;
        });
    }

    public async Task DeleteAsync(string topic)
    {
        DeleteTopicsRequest request = new()
        {
            Topics = [new DeleteTopicsRequest.DeleteTopicState { Name = topic }],
            TimeoutMs = TimeoutMs,
        };
        await kafka.AskAnyAsync(request, (DeleteTopicsResponse response) =>
        {
            AdminProblem.ThrowIf(response.Responses[0].ErrorCode, response.Responses[0].ErrorMessage);
            return true;
        });
    }

    /// <param name="count">The new number of partitions.</param>
    public async Task GrowAsync(string topic, int count, bool validateOnly)
    {
        CreatePartitionsRequest request = new()
        {
            Topics =
            [
                new CreatePartitionsRequest.CreatePartitionsTopic { Name = topic, Count = count, Assignments = null },
            ],
            TimeoutMs = TimeoutMs,
            ValidateOnly = validateOnly,
        };
        await kafka.AskAnyAsync(request, (CreatePartitionsResponse response) =>
        {
            AdminProblem.ThrowIf(response.Results[0].ErrorCode, response.Results[0].ErrorMessage);
            return true;
        });
    }

    /// <summary>Elects leaders; the answer has a line for each partition.</summary>
    public Task<IReadOnlyList<PartitionOutcome>> ElectAsync(
        sbyte type, IEnumerable<(string Topic, int Partition)>? partitions)
    {
        ElectLeadersRequest request = new()
        {
            ElectionType = type,
            TopicPartitions = partitions is null ? null : [.. partitions
                .GroupBy(partition => partition.Topic, partition => partition.Partition)
                .Select(topic => new ElectLeadersRequest.TopicPartitionsValue
                {
                    Topic = topic.Key,
                    Partitions = [.. topic],
                })],
            TimeoutMs = TimeoutMs,
        };
        return kafka.AskAnyAsync<ElectLeadersResponse, IReadOnlyList<PartitionOutcome>>(request, response =>
        {
            AdminProblem.ThrowIf(response.ErrorCode);
            return [.. from topic in response.ReplicaElectionResults
                       from partition in topic.PartitionResult
                       select PartitionOutcome.Of(
                           topic.Topic, partition.PartitionId, partition.ErrorCode, partition.ErrorMessage)];
        });
    }

    /// <summary>Starts moves of replicas, or cancels them where the replicas are null.</summary>
    public Task<IReadOnlyList<PartitionOutcome>> ReassignAsync(
        IEnumerable<(string Topic, int Partition, IReadOnlyList<int>? Replicas)> moves)
    {
        AlterPartitionReassignmentsRequest request = new() { TimeoutMs = TimeoutMs };
        foreach (var topic in moves.GroupBy(move => move.Topic))
        {
            request.Topics.Add(new AlterPartitionReassignmentsRequest.ReassignableTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(move => new AlterPartitionReassignmentsRequest.ReassignablePartition
                {
                    PartitionIndex = move.Partition,
                    Replicas = move.Replicas is null ? null : [.. move.Replicas],
                })],
            });
        }

        return kafka.AskAnyAsync<AlterPartitionReassignmentsResponse, IReadOnlyList<PartitionOutcome>>(
            request, response =>
            {
                AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
                return [.. from topic in response.Responses
                           from partition in topic.Partitions
                           select PartitionOutcome.Of(
                               topic.Name, partition.PartitionIndex, partition.ErrorCode, partition.ErrorMessage)];
            });
    }
}
