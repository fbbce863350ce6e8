using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>
/// Asks the leader for its range when the follower's end lies outside of it: beyond its end (after an unclean
/// election) the follower is cut there, before its start it begins afresh at that start.
/// </summary>
internal sealed class RangeLookup(
    FetchedPartition fetched, IRpcChannel channel, FetcherServices services, Action<FetchedPartition> ended)
{
    private const short MaxVersion = 11;
    private const long Latest = -1;
    private const long Earliest = -2;

    public void Start() => Ask(Latest, latest =>
    {
        if (latest < fetched.Partition.Log.LogEndOffset)
        {
            Change(log => log.TruncateTo(latest), latest);
        }
        else
        {
            Ask(Earliest, earliest =>
            {
                if (earliest > fetched.Partition.Log.LogEndOffset)
                {
                    Change(log => log.TruncateFullyAndStartAt(earliest, earliest), earliest);
                }
                else
                {
                    ended(fetched);
                }
            });
        }
    });

    private void Ask(long timestamp, Action<long> found)
    {
        TopicPartition partition = fetched.Partition.TopicPartition;
        var request = new ListOffsetsRequest
        {
            ReplicaId = services.Options.BrokerId,
            Topics =
            [
                new ListOffsetsRequest.ListOffsetsTopic
                {
                    Name = partition.Topic,
                    Partitions =
                    [
                        new ListOffsetsRequest.ListOffsetsPartition
                        {
                            PartitionIndex = partition.Partition,
                            CurrentLeaderEpoch = fetched.LeaderEpoch,
                            Timestamp = timestamp,
                        },
                    ],
                },
            ],
        };
        TimeSpan timeout = TimeSpan.FromMilliseconds(services.Options.ReplicaSocketTimeoutMs);
        channel.Send(request, MaxVersion, timeout, reply =>
        {
            using (reply)
            {
                if (reply.Response is ListOffsetsResponse { Topics: [{ Partitions: [{ } answer] }] }
                    && answer.ErrorCode == ErrorCode.None && answer.Offset >= 0)
                {
                    found(answer.Offset);
                    return;
                }
            }

            ended(fetched);
        });
    }

    private void Change(Action<PartitionLog> change, long offset) => fetched.Partition.Post(() =>
    {
        PartitionLog log = fetched.Partition.Log;
        ReplicaView view = fetched.Partition.View;
        try
        {
            if (!view.IsLeader && view.LeaderEpoch == fetched.LeaderEpoch)
            {
                ReplicationLog.StartsAfresh(services.Logger, log.TopicPartition, offset, log.LogEndOffset);
                change(log);
            }
        }
        catch (StorageException error)
        {
            services.Fault(error);
        }

        ended(fetched);
    });
}
