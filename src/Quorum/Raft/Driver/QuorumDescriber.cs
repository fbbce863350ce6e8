using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Roles;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Answers DescribeQuorum, versions 0 to 2 (1: timestamps; 2: directories, endpoints, error texts).</summary>
internal sealed class QuorumDescriber(RaftSettings settings, RaftReplica replica, IRaftLogView log, TimeProvider time)
{
    public DescribeQuorumResponse Describe(DescribeQuorumRequest request, short version)
    {
        DescribeQuorumResponse response = new();
        foreach (DescribeQuorumRequest.TopicData topic in request.Topics)
        {
            bool isMetadata = topic.TopicName == MetadataLog.TopicName;
            DescribeQuorumResponse.TopicData answer = new() { TopicName = topic.TopicName };
            foreach (DescribeQuorumRequest.PartitionData partition in topic.Partitions)
            {
                answer.Partitions.Add(isMetadata && partition.PartitionIndex == 0
                    ? Describe(version)
                    : Failed(partition.PartitionIndex, ErrorCode.UnknownTopicOrPartition));
            }

            response.Topics.Add(answer);
        }

        bool isDescribed = response.Topics.Exists(static topic =>
            topic.Partitions.Exists(static partition => partition.ErrorCode == ErrorCode.None));
        if (version >= 2 && isDescribed)
        {
            response.Nodes.AddRange(replica.Voters.All.Select(voter => new DescribeQuorumResponse.Node
            {
                NodeId = voter.Id,
                Listeners = [.. ListenersOf(voter).Select(listener => new DescribeQuorumResponse.Listener
                {
                    Name = listener.Name,
                    Host = listener.Host,
                    Port = (ushort)listener.Port,
                })],
            }));
        }

        return response;
    }

    private IEnumerable<VoterListener> ListenersOf(Voter voter) => voter.Listeners.Count > 0
        ? voter.Listeners
        : [new VoterListener(settings.ControllerListenerName, voter.Endpoint.Host, voter.Endpoint.Port)];

    private static DescribeQuorumResponse.PartitionData Failed(int partition, ErrorCode error) => new()
    {
        PartitionIndex = partition,
        ErrorCode = error,
        ErrorMessage = ErrorCodes.Message(error),
    };

    private DescribeQuorumResponse.PartitionData Describe(short version)
    {
        if (replica.Progress is not { } leader)
        {
            return Failed(0, ErrorCode.NotLeaderOrFollower);
        }

        DescribeQuorumResponse.PartitionData answer = new()
        {
            LeaderId = settings.NodeId,
            LeaderEpoch = replica.Leader.Epoch,
            HighWatermark = replica.HighWatermark,
        };
        long nowMs = time.MonotonicMs();
        leader.ForgetSilentObservers(nowMs);
        long wallMs = time.WallClockMs();
        foreach (Voter voter in replica.Voters.All)
        {
            answer.CurrentVoters.Add(voter.IsFor(settings.OwnKey)
                ? new DescribeQuorumResponse.ReplicaState
                {
                    ReplicaId = voter.Id,
                    ReplicaDirectoryId = version >= 2 ? voter.Key.DirectoryId : default,
                    LogEndOffset = log.EndOffset,
                    LastFetchTimestamp = wallMs,
                    LastCaughtUpTimestamp = wallMs,
                }
                : Replica(leader.OtherVoters[voter.Id], voter.Key.DirectoryId, version, wallMs - nowMs));
        }

        answer.Observers.AddRange(leader.Observers.Values
            .Select(observer => Replica(observer, observer.Key.DirectoryId, version, wallMs - nowMs)));
        return answer;
    }

    private static DescribeQuorumResponse.ReplicaState Replica(
        ReplicaProgress progress, Uuid directoryId, short version, long toWallClockMs) => new()
        {
            ReplicaId = progress.Key.Id,
            ReplicaDirectoryId = version >= 2 ? directoryId : default,
            LogEndOffset = progress.EndOffset,
            LastFetchTimestamp = progress.LastFetchMs < 0 ? -1 : progress.LastFetchMs + toWallClockMs,
            LastCaughtUpTimestamp = progress.LastCaughtUpMs < 0 ? -1 : progress.LastCaughtUpMs + toWallClockMs,
        };
}
