using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Where share groups go on (KIP-932): their start offsets and how far they are behind.</summary>
internal sealed class ShareOffsetCalls(KafkaGateway kafka)
{
    /// <summary>The partitions that a share group has begun to read; start and lag are -1 where not known.</summary>
    public Task<IReadOnlyDictionary<(string Topic, int Partition), ShareOffset>> DescribeAsync(string group)
    {
        DescribeShareGroupOffsetsRequest request = new()
        {
            Groups =
            [
                new DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup
                {
                    GroupId = group,
                    Topics = null,
                },
            ],
        };
        return kafka.AtCoordinatorAsync(group, coordinator => kafka.AskAsync<
            DescribeShareGroupOffsetsResponse, IReadOnlyDictionary<(string, int), ShareOffset>>(
            coordinator, request, response =>
            {
                var answer = response.Groups[0];
                AdminProblem.ThrowIf(answer.ErrorCode, answer.ErrorMessage);
                return (from topic in answer.Topics
                        from partition in topic.Partitions
                        where partition.ErrorCode == ErrorCode.None
                        select (Key: (topic.TopicName, partition.PartitionIndex), Value: new ShareOffset(
                            partition.StartOffset, partition.Lag < 0 ? null : partition.Lag)))
                    .ToDictionary(entry => entry.Key, entry => entry.Value);
            }));
    }

    /// <summary>Sets where a share group without members goes on.</summary>
    /// <exception cref="AdminProblem">The group has members, or a partition is refused.</exception>
    public Task AlterAsync(string group, IEnumerable<((string Topic, int Partition) Key, long Offset)> offsets)
    {
        AlterShareGroupOffsetsRequest request = new() { GroupId = group };
        foreach (var topic in offsets.GroupBy(entry => entry.Key.Topic))
        {
            request.Topics.Add(new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic
            {
                TopicName = topic.Key,
                Partitions = [.. topic.Select(entry =>
                    new AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition
                    {
                        PartitionIndex = entry.Key.Partition,
                        StartOffset = entry.Offset,
                    })],
            });
        }

        return kafka.AtCoordinatorAsync(group, coordinator => kafka.AskAsync(coordinator, request, (
            AlterShareGroupOffsetsResponse response) =>
        {
            AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
            foreach (var partition in response.Responses.SelectMany(topic => topic.Partitions))
            {
                AdminProblem.ThrowIf(partition.ErrorCode, partition.ErrorMessage);
            }

            return true;
        }));
    }
}

/// <param name="Start">What comes before it is done with; -1 where the group has not begun.</param>
/// <param name="Lag">Records from there to the end that are not acknowledged; null where it is not known.</param>
internal readonly record struct ShareOffset(long Start, long? Lag);
