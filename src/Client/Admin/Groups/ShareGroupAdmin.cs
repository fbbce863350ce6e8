using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>The offsets of share groups: where each partition's queue starts (KIP-932).</summary>
public sealed class ShareGroupAdmin
{
    private readonly AdminCalls _calls;

    internal ShareGroupAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>Where a group's queues start, and how much is left in them.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="partitions">Only these; null: all that the group has read.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <exception cref="KafkaException">There is no such group.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>>> ListOffsetsAsync(
        string group, IEnumerable<TopicPartition>? partitions = null, CancellationToken cancellation = default) =>
        _calls.CoordinatorAsync<
            DescribeShareGroupOffsetsResponse, IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>>>(
            CoordinatorKind.Group, group,
            new DescribeShareGroupOffsetsRequest
            {
                Groups =
                [
                    new DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup
                    {
                        GroupId = group,
                        Topics = partitions is null
                            ? null
                            : [.. partitions.ByTopic().Select(
                                topic => new DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic
                                {
                                    TopicName = topic.Topic,
                                    Partitions = [.. topic.Partitions],
                                })],
                    },
                ],
            },
            Read, cancellation);

    /// <summary>Lets the queues of a group without members start elsewhere.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome>> AlterOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, long> startOffsets,
        CancellationToken cancellation = default) => _calls.EachAsync(
            startOffsets.Keys,
            new ItemCall<TopicPartition, bool, AlterShareGroupOffsetsResponse>(
                new GroupRoute<TopicPartition>(_calls.Cluster, group),
                asked => new AlterShareGroupOffsetsRequest
                {
                    GroupId = group,
                    Topics = [.. asked.ByTopic().Select(
                        topic => new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic
                        {
                            TopicName = topic.Topic,
                            Partitions = [.. topic.Partitions.Select(
                                index => new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition
                                {
                                    PartitionIndex = index,
                                    StartOffset = startOffsets[new TopicPartition(topic.Topic, index)],
                                })],
                        })],
                },
                (answer, asked) => answer.ErrorCode != ErrorCode.None
                    ? asked.Select(key => (key, Items.Done(answer.ErrorCode, answer.ErrorMessage)))
                    : from topic in answer.Responses
                      from partition in topic.Partitions
                      select (
                          new TopicPartition(topic.TopicName, partition.PartitionIndex),
                          Items.Done(partition.ErrorCode, partition.ErrorMessage))),
            cancellation).PlainAsync();

    /// <summary>Forgets how far a group without members is in some topics.</summary>
    public Task<IReadOnlyDictionary<string, Outcome>> DeleteOffsetsAsync(
        string group, IEnumerable<string> topics, CancellationToken cancellation = default) => _calls.EachAsync(
            topics,
            new ItemCall<string, bool, DeleteShareGroupOffsetsResponse>(
                new GroupRoute<string>(_calls.Cluster, group),
                asked => new DeleteShareGroupOffsetsRequest
                {
                    GroupId = group,
                    Topics = [.. asked.Select(
                        name => new DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic
                        {
                            TopicName = name,
                        })],
                },
                (answer, asked) => answer.ErrorCode != ErrorCode.None
                    ? asked.Select(key => (key, Items.Done(answer.ErrorCode, answer.ErrorMessage)))
                    : answer.Responses.Select(
                        topic => (topic.TopicName, Items.Done(topic.ErrorCode, topic.ErrorMessage)))),
            cancellation).PlainAsync();

    private static Outcome<IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>>> Read(
        DescribeShareGroupOffsetsResponse answer) => answer.Groups is [var found]
            ? Outcome.Of<IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>>>(
                found.ErrorCode, found.ErrorMessage,
                (from topic in found.Topics
                 from partition in topic.Partitions
                 select KeyValuePair.Create(
                     new TopicPartition(topic.TopicName, partition.PartitionIndex),
                     Outcome.Of(
                         partition.ErrorCode, partition.ErrorMessage,
                         new ShareOffset(partition.StartOffset, partition.LeaderEpoch, partition.Lag))))
                    .ToDictionary())
            : Outcome.Failed<IReadOnlyDictionary<TopicPartition, Outcome<ShareOffset>>>(
                ErrorCode.UnknownServerError, "the answer does not name the group");
}
