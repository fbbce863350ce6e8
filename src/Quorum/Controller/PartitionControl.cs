using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Leaders and ISRs: what follows when brokers come and go, and elections on demand.</summary>
/// <remarks>
/// All partitions are looked through, which takes about a millisecond for ten thousand: cheaper than an index that
/// would have to follow every record and every return to the committed state.
/// </remarks>
internal sealed class PartitionControl(ControllerState state)
{
    private const int MostRebalancedAtOnce = 1000;

    /// <summary>Records that take a broker out of every ISR and leadership.</summary>
    /// <param name="hasLost">True when it may lack what it had: then it is no longer eligible to lead either (KIP-966).
    /// </param>
    public void RemoveBroker(int brokerId, List<VersionedRecord> records, bool hasLost = false) =>
        Update(
            records,
            partition => partition.Isr.Contains(brokerId) || partition.Leader == brokerId
                || (hasLost && partition.Elr.Contains(brokerId)),
            replica => replica != brokerId && state.Image.Cluster.IsActive(replica), without: brokerId, hasLost);

    /// <summary>Records that give leaders to partitions that had none and can have this broker.</summary>
    public void AddBroker(int brokerId, List<VersionedRecord> records) =>
        Update(records, partition => !partition.HasLeader,
            replica => replica == brokerId || state.Image.Cluster.IsActive(replica), without: null);

    /// <summary>Records that take a broker's replicas in some of its directories out of ISRs and leaderships.</summary>
    public void RemoveDirectories(int brokerId, Uuid[] lost, List<VersionedRecord> records) =>
        Update(
            records,
            partition => (partition.Isr.Contains(brokerId) || partition.Leader == brokerId)
                && lost.Contains(partition.DirectoryOf(brokerId)),
            replica => replica != brokerId && state.Image.Cluster.IsActive(replica), without: brokerId);

    public bool HasLeaderships(int brokerId) => state.Image.Topics.ById.Values.Any(topic =>
        topic.Partitions.Values.Any(partition => partition.Leader == brokerId));

    /// <summary>Elects leaders for leaderless partitions of topics that allow unclean elections.</summary>
    public IReadOnlyList<VersionedRecord> ElectUnclean()
    {
        List<VersionedRecord> records = [];
        Update(records, partition => !partition.HasLeader, state.Image.Cluster.IsActive, without: null);
        return records;
    }

    /// <summary>Moves leadership back to preferred replicas that can have it, some at a time.</summary>
    public IReadOnlyList<VersionedRecord> Rebalance()
    {
        List<VersionedRecord> records = [];
        foreach (TopicImage topic in state.Image.Topics.ById.Values)
        {
            PartitionContext? context = null;
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                if (!partition.HasPreferredLeader && records.Count < MostRebalancedAtOnce
                    && Builder(context ??= state.ContextOf(topic), id, partition, Election.Preferred).Build()
                        is { } record)
                {
                    records.Add(record);
                }
            }
        }

        return records;
    }

    public Decision ElectLeaders(ElectLeadersRequest request)
    {
        ElectLeadersResponse response = new();
        List<VersionedRecord> records = [];
        if (request.ElectionType is not (0 or 1))
        {
            return Decision.Answer(ControllerResponses.Failure(
                request, new ApiError(ErrorCode.InvalidRequest, $"Unknown election type {request.ElectionType}")));
        }

        Election election = request.ElectionType == 0 ? Election.Preferred : Election.Unclean;
        bool isForAll = request.TopicPartitions is null;
        IEnumerable<(string Topic, IEnumerable<int> Partitions)> wanted = request.TopicPartitions is { } some
            ? some.Select(topic => (topic.Topic, topic.Partitions.AsEnumerable()))
            : state.Image.Topics.InNameOrder.Select(topic => (topic.Name, topic.Partitions.Keys));
        foreach ((string topic, IEnumerable<int> partitions) in wanted)
        {
            ElectLeadersResponse.ReplicaElectionResult result = new() { Topic = topic };
            foreach (int partition in partitions)
            {
                ApiError error = Elect(topic, partition, election, records);
                if (isForAll && error.Code == ErrorCode.ElectionNotNeeded)
                {
                    continue;
                }

                result.PartitionResult.Add(new ElectLeadersResponse.PartitionResult
                {
                    PartitionId = partition,
                    ErrorCode = error.Code,
                    ErrorMessage = error.MessageOrWords,
                });
            }

            if (!isForAll || result.PartitionResult.Count > 0)
            {
                response.ReplicaElectionResults.Add(result);
            }
        }

        return new Decision(records, response, IsAtomic: false);
    }

    private ApiError Elect(string topicName, int partitionId, Election election, List<VersionedRecord> records)
    {
        if (!state.Image.Topics.TryGet(topicName, out TopicImage? topic))
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"No such topic as {topicName}");
        }

        if (!topic.Partitions.TryGetValue(partitionId, out PartitionRegistration? partition))
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"No such partition as {topicName}-{partitionId}");
        }

        if (election == Election.Preferred ? partition.HasPreferredLeader : partition.HasLeader)
        {
            return new(ErrorCode.ElectionNotNeeded);
        }

        if (Builder(state.ContextOf(topic), partitionId, partition, election).Build() is not { } record)
        {
            return new(election == Election.Preferred
                ? ErrorCode.PreferredLeaderNotAvailable
                : ErrorCode.EligibleLeadersNotAvailable);
        }

        records.Add(record);
        return ApiError.None;
    }

    private PartitionChangeBuilder Builder(
        PartitionContext context, int partitionId, PartitionRegistration partition, Election election) =>
        new(context, partitionId, partition, state.LeaderRule(partition)) { Election = election };

    private void Update(
        List<VersionedRecord> records,
        Func<PartitionRegistration, bool> isConcerned,
        Func<int, bool> mayLead,
        int? without,
        bool isUncleanShutdown = false)
    {
        foreach (TopicImage topic in state.Image.Topics.ById.Values)
        {
            PartitionContext? context = null;
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                if (!isConcerned(partition))
                {
                    continue;
                }

                context ??= state.ContextOf(topic);
                PartitionChangeBuilder builder = new(context, id, partition, state.LeaderRule(partition, mayLead))
                {
                    TargetIsr = without is { } gone
                        ? [.. partition.Isr.Where(member => member != gone)]
                        : partition.Isr,
                    UncleanShutdown = isUncleanShutdown ? without : null,
                };
                if (builder.Build() is { } record)
                {
                    records.Add(record);
                }
            }
        }
    }
}
