using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Offsets of partitions, the deletion of records, and the folders that logs lie in.</summary>
public sealed class LogAdmin
{
    private readonly AdminCalls _calls;

    internal LogAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>Looks offsets up, each at its leader.</summary>
    /// <param name="specs">What is looked for in each partition.</param>
    /// <param name="readCommitted">Up to the last stable offset, not to the high watermark.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <returns>Offset -1 where no record is that late.</returns>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> specs, bool readCommitted = false,
        CancellationToken cancellation = default) => _calls.EachAsync(
            specs.Keys,
            new ItemCall<TopicPartition, ListedOffset, ListOffsetsResponse>(
                new LeaderRoute(_calls.Cluster),
                asked => new ListOffsetsRequest
                {
                    ReplicaId = -1,
                    IsolationLevel = (sbyte)(readCommitted ? 1 : 0),
                    TimeoutMs = _calls.TimeoutMs,
                    Topics = [.. asked.ByTopic().Select(topic => new ListOffsetsRequest.ListOffsetsTopic
                    {
                        Name = topic.Topic,
                        Partitions = [.. topic.Partitions.Select(
                            index => new ListOffsetsRequest.ListOffsetsPartition
                            {
                                PartitionIndex = index,
                                Timestamp = specs[new TopicPartition(topic.Topic, index)].Timestamp,
                            })],
                    })],
                },
                (answer, _) =>
                    from topic in answer.Topics
                    from partition in topic.Partitions
                    select (
                        new TopicPartition(topic.Name, partition.PartitionIndex),
                        Outcome.Of(partition.ErrorCode, null, new ListedOffset(
                            partition.Offset, partition.Timestamp, partition.LeaderEpoch))))
            {
                Versions = LowestVersion(specs.Values),
            },
            cancellation);

    /// <summary>Looks the same up in many partitions.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>> ListOffsetsAsync(
        IEnumerable<TopicPartition> partitions, OffsetSpec spec, bool readCommitted = false,
        CancellationToken cancellation = default) =>
        ListOffsetsAsync(partitions.Distinct().ToDictionary(p => p, _ => spec), readCommitted, cancellation);

    /// <summary>Deletes the records before an offset; -1: all that are acknowledged.</summary>
    /// <returns>Where each log starts afterwards.</returns>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<long>>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellation = default) =>
        _calls.EachAsync(
            beforeOffsets.Keys,
            new ItemCall<TopicPartition, long, DeleteRecordsResponse>(
                new LeaderRoute(_calls.Cluster),
                asked => new DeleteRecordsRequest
                {
                    TimeoutMs = _calls.TimeoutMs,
                    Topics = [.. asked.ByTopic().Select(topic => new DeleteRecordsRequest.DeleteRecordsTopic
                    {
                        Name = topic.Topic,
                        Partitions = [.. topic.Partitions.Select(
                            index => new DeleteRecordsRequest.DeleteRecordsPartition
                            {
                                PartitionIndex = index,
                                Offset = beforeOffsets[new TopicPartition(topic.Topic, index)],
                            })],
                    })],
                },
                (answer, _) =>
                    from topic in answer.Topics
                    from partition in topic.Partitions
                    select (
                        new TopicPartition(topic.Name, partition.PartitionIndex),
                        Outcome.Of(partition.ErrorCode, null, partition.LowWatermark))),
            cancellation);

    /// <summary>Where a leader epoch ends in each partition's log (KIP-101).</summary>
    /// <returns>Offset -1 where the leader knows of no such epoch.</returns>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>> EndOffsetsOfEpochAsync(
        IReadOnlyDictionary<TopicPartition, int> epochs, CancellationToken cancellation = default) =>
        _calls.EachAsync(
            epochs.Keys,
            new ItemCall<TopicPartition, ListedOffset, OffsetForLeaderEpochResponse>(
                new LeaderRoute(_calls.Cluster),
                asked => new OffsetForLeaderEpochRequest
                {
                    ReplicaId = -1,
                    Topics = [.. asked.ByTopic().Select(
                        topic => new OffsetForLeaderEpochRequest.OffsetForLeaderTopic
                        {
                            Topic = topic.Topic,
                            Partitions = [.. topic.Partitions.Select(
                                index => new OffsetForLeaderEpochRequest.OffsetForLeaderPartition
                                {
                                    Partition = index,
                                    CurrentLeaderEpoch = -1,
                                    LeaderEpoch = epochs[new TopicPartition(topic.Topic, index)],
                                })],
                        })],
                },
                (answer, _) =>
                    from topic in answer.Topics
                    from partition in topic.Partitions
                    select (
                        new TopicPartition(topic.Topic, partition.Partition),
                        Outcome.Of(partition.ErrorCode, null, new ListedOffset(
                            partition.EndOffset, -1, partition.LeaderEpoch)))),
            cancellation);

    /// <summary>The folders of brokers and what lies in them, by node id.</summary>
    public Task<IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>>> DescribeDirsAsync(
        IEnumerable<int> brokers, CancellationToken cancellation = default) => _calls.EachAsync(
            brokers,
            new ItemCall<int, IReadOnlyList<LogDirDescription>, DescribeLogDirsResponse>(
                new BrokerRoute<int>(_calls.Cluster, id => id),
                _ => new DescribeLogDirsRequest { Topics = null },
                (answer, asked) => [(asked[0], Outcome.Of<IReadOnlyList<LogDirDescription>>(
                    answer.ErrorCode, null, [.. answer.Results.Select(Dir)]))]),
            cancellation);

    /// <summary>Moves replicas into another folder of their broker (KIP-113).</summary>
    /// <remarks><see cref="ErrorCode.ReplicaNotAvailable"/>: the broker has no such replica yet, and will put it there
    /// when it gets it.</remarks>
    public Task<IReadOnlyDictionary<TopicPartitionReplica, Outcome>> MoveToDirAsync(
        IReadOnlyDictionary<TopicPartitionReplica, string> dirs, CancellationToken cancellation = default) =>
        _calls.EachAsync(
            dirs.Keys,
            new ItemCall<TopicPartitionReplica, bool, AlterReplicaLogDirsResponse>(
                new BrokerRoute<TopicPartitionReplica>(_calls.Cluster, replica => replica.BrokerId),
                asked => new AlterReplicaLogDirsRequest
                {
                    Dirs = [.. asked.GroupBy(replica => dirs[replica]).Select(
                        dir => new AlterReplicaLogDirsRequest.AlterReplicaLogDir
                        {
                            Path = dir.Key,
                            Topics = [.. dir.Select(replica => replica.Partition).ByTopic().Select(
                                topic => new AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic
                                {
                                    Name = topic.Topic,
                                    Partitions = [.. topic.Partitions],
                                })],
                        })],
                },
                (answer, asked) =>
                    from topic in answer.Results
                    from partition in topic.Partitions
                    select (
                        new TopicPartitionReplica(
                            new TopicPartition(topic.TopicName, partition.PartitionIndex), asked[0].BrokerId),
                        Items.Done(partition.ErrorCode)))
            {
                MayRepeat = (error, _) => error != ErrorCode.ReplicaNotAvailable && AdminCalls.MayRepeat(error),
            },
            cancellation).PlainAsync();

    // An older broker would read a timestamp that only means something from some version on as a time.
    private static VersionRange LowestVersion(IEnumerable<OffsetSpec> specs) =>
        new(specs.Select(spec => spec.LowestVersion).DefaultIfEmpty((short)1).Max(), short.MaxValue);

    private static LogDirDescription Dir(DescribeLogDirsResponse.DescribeLogDirsResult dir) => new(
        dir.LogDir, new Outcome(dir.ErrorCode, null), dir.TotalBytes, dir.UsableBytes, dir.IsCordoned,
        [.. from topic in dir.Topics
            from partition in topic.Partitions
            select new LogDirReplica(
                new TopicPartition(topic.Name, partition.PartitionIndex), partition.PartitionSize,
                partition.OffsetLag, partition.IsFutureKey)]);
}
