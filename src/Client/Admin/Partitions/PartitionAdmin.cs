using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Moves partitions between brokers and elects their leaders.</summary>
public sealed class PartitionAdmin
{
    private readonly AdminCalls _calls;

    internal PartitionAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>Gives partitions new replicas, the preferred leader first; null cancels a reassignment that goes on
    /// (KIP-455).</summary>
    /// <remarks>An accepted one goes on after the call: see <see cref="ListReassignmentsAsync"/>.</remarks>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome>> ReassignAsync(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> replicas, CancellationToken cancellation = default) =>
        _calls.EachAsync(
            replicas.Keys,
            new ItemCall<TopicPartition, bool, AlterPartitionReassignmentsResponse>(
                new AnyRoute<TopicPartition>(),
                asked => new AlterPartitionReassignmentsRequest
                {
                    TimeoutMs = _calls.TimeoutMs,
                    Topics = [.. asked.ByTopic().Select(
                        topic => new AlterPartitionReassignmentsRequest.ReassignableTopic
                        {
                            Name = topic.Topic,
                            Partitions = [.. topic.Partitions.Select(
                                index => Reassignable(index, replicas[new TopicPartition(topic.Topic, index)]))],
                        })],
                },
                (answer, asked) => answer.ErrorCode != ErrorCode.None
                    ? asked.Select(key => (key, Items.Done(answer.ErrorCode, answer.ErrorMessage)))
                    : from topic in answer.Responses
                      from partition in topic.Partitions
                      select (
                          new TopicPartition(topic.Name, partition.PartitionIndex),
                          Items.Done(partition.ErrorCode, partition.ErrorMessage))),
            cancellation).PlainAsync();

    /// <summary>The reassignments that go on; of all partitions when none is named.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Reassignment>> ListReassignmentsAsync(
        IEnumerable<TopicPartition>? partitions = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<ListPartitionReassignmentsResponse, IReadOnlyDictionary<TopicPartition, Reassignment>>(
            new ListPartitionReassignmentsRequest
            {
                TimeoutMs = _calls.TimeoutMs,
                Topics = partitions is null
                    ? null
                    : [.. partitions.ByTopic().Select(
                        topic => new ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics
                        {
                            Name = topic.Topic,
                            PartitionIndexes = [.. topic.Partitions],
                        })],
            },
            answer => Outcome.Of<IReadOnlyDictionary<TopicPartition, Reassignment>>(
                answer.ErrorCode, answer.ErrorMessage,
                (from topic in answer.Topics
                 from partition in topic.Partitions
                 select KeyValuePair.Create(
                     new TopicPartition(topic.Name, partition.PartitionIndex),
                     new Reassignment(partition.Replicas, partition.AddingReplicas, partition.RemovingReplicas)))
                    .ToDictionary()),
            cancellation);

    /// <summary>Elects leaders; of all partitions that need it when none is named (KIP-460).</summary>
    /// <returns>An outcome for each named partition, else for each that an election was tried for.
    /// <see cref="ErrorCode.ElectionNotNeeded"/>: its leader was right already.</returns>
    public async Task<IReadOnlyDictionary<TopicPartition, Outcome>> ElectLeadersAsync(
        ElectionType type, IEnumerable<TopicPartition>? partitions = null, CancellationToken cancellation = default)
    {
        ElectLeadersResponse answer = await _calls.AnyAsync<ElectLeadersResponse, ElectLeadersResponse>(
            new ElectLeadersRequest
            {
                TimeoutMs = _calls.TimeoutMs,
                ElectionType = (sbyte)type,
                TopicPartitions = partitions is null
                    ? null
                    : [.. partitions.ByTopic().Select(topic => new ElectLeadersRequest.TopicPartitionsValue
                    {
                        Topic = topic.Topic,
                        Partitions = [.. topic.Partitions],
                    })],
            },
            response => Outcome.Of(response.ErrorCode, null, response),
            cancellation);
        return (
            from topic in answer.ReplicaElectionResults
            from partition in topic.PartitionResult
            select KeyValuePair.Create(
                new TopicPartition(topic.Topic, partition.PartitionId),
                new Outcome(partition.ErrorCode, partition.ErrorMessage))).ToDictionary();
    }

    private static AlterPartitionReassignmentsRequest.ReassignablePartition Reassignable(
        int index, IReadOnlyList<int>? replicas) =>
        new() { PartitionIndex = index, Replicas = replicas is null ? null : [.. replicas] };
}
