using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer;

/// <summary>ListOffsets of any partitions, leader by leader, repeated until all have answered.</summary>
internal static class PartitionOffsets
{
    /// <exception cref="KafkaException">One of them did not answer until the deadline, or refused.</exception>
    public static async ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> AskAsync(
        ClusterClient cluster,
        IReadOnlyCollection<TopicPartition> partitions,
        long timestamp,
        long deadlineMs,
        CancellationToken cancellation)
    {
        Dictionary<TopicPartition, OffsetAndTimestamp> found = [];
        for (int attempt = 1; ; attempt++)
        {
            ErrorCode last = ErrorCode.LeaderNotAvailable;
            foreach (IGrouping<int, TopicPartition> leader in partitions.Where(p => !found.ContainsKey(p)).GroupBy(
                partition => cluster.View.Find(partition)?.LeaderId ?? -1).ToList())
            {
                if (cluster.ChannelTo(leader.Key) is not { } channel)
                {
                    continue;
                }

                using BrokerResponse response = await channel.SendAsync(
                    Request(cluster, leader, timestamp), VersionRange.All, cluster.Options.RequestTimeout);
                last = response.Message is ListOffsetsResponse answer
                    ? Collect(answer, found) ?? last
                    : response.TransportError;
            }

            if (found.Count == partitions.Count)
            {
                return found;
            }

            if (!ErrorCodes.IsRetriable(last))
            {
                throw new KafkaException(last);
            }

            await cluster.PauseAsync(attempt, deadlineMs, ErrorCodes.Message(last), cancellation);
            await cluster.RefreshAsync();
        }
    }

    public static ListOffsetsRequest Request(
        ClusterClient cluster, IEnumerable<TopicPartition> partitions, long timestamp)
    {
        ListOffsetsRequest request = new()
        {
            ReplicaId = -1,
            TimeoutMs = (int)cluster.Options.RequestTimeout.TotalMilliseconds,
        };
        foreach (IGrouping<string, TopicPartition> topic in partitions.GroupBy(partition => partition.Topic))
        {
            ListOffsetsRequest.ListOffsetsTopic entry = new() { Name = topic.Key };
            foreach (TopicPartition partition in topic)
            {
                entry.Partitions.Add(new ListOffsetsRequest.ListOffsetsPartition
                {
                    PartitionIndex = partition.Partition,
                    CurrentLeaderEpoch = cluster.View.Find(partition)?.LeaderEpoch ?? -1,
                    Timestamp = timestamp,
                });
            }

            request.Topics.Add(entry);
        }

        return request;
    }

    private static ErrorCode? Collect(
        ListOffsetsResponse answer, Dictionary<TopicPartition, OffsetAndTimestamp> found)
    {
        ErrorCode? error = null;
        foreach (ListOffsetsResponse.ListOffsetsTopicResponse topic in answer.Topics)
        {
            foreach (ListOffsetsResponse.ListOffsetsPartitionResponse part in topic.Partitions)
            {
                if (part.ErrorCode == ErrorCode.None)
                {
                    found[new TopicPartition(topic.Name, part.PartitionIndex)] =
                        new OffsetAndTimestamp(part.Offset, part.Timestamp, part.LeaderEpoch);
                }
                else
                {
                    error = part.ErrorCode;
                }
            }
        }

        return error;
    }
}
