using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Kafka's requests as the replica sees them; what names another cluster or log never reaches it.</summary>
internal sealed class IncomingRequests(RaftSettings settings)
{
    private readonly VoterRequests _voters = new(settings);

    /// <summary>The request, or the answer that refuses it.</summary>
    public (RaftRequest? Request, IApiMessage? Refusal) Read(IApiMessage message, short version) => message switch
    {
        VoteRequest vote => ReadVote(vote, version),
        BeginQuorumEpochRequest begin => ReadBegin(begin, version),
        EndQuorumEpochRequest end => ReadEnd(end, version),
        FetchRequest fetch => ReadFetch(fetch, version),
        FetchSnapshotRequest fetch => ReadFetchSnapshot(fetch),
        AddRaftVoterRequest add => _voters.Read(add),
        RemoveRaftVoterRequest remove => _voters.Read(remove),
        UpdateRaftVoterRequest update => _voters.Read(update),
        _ => throw new ArgumentException($"the quorum does not answer {message.Key}", nameof(message)),
    };

    private (RaftRequest?, IApiMessage?) ReadVote(VoteRequest message, short version)
    {
        if (!IsThisCluster(message.ClusterId))
        {
            return (null, new VoteResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (message.Topics is not [{ TopicName: MetadataLog.TopicName, Partitions: [{ PartitionIndex: 0 } vote] }])
        {
            return (null, new VoteResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        return (new RaftRequest.Vote(
            vote.ReplicaEpoch,
            new ReplicaKey(vote.ReplicaId, vote.ReplicaDirectoryId),
            version >= 1 && message.VoterId >= 0 ? new ReplicaKey(message.VoterId, vote.VoterDirectoryId) : null,
            new LogPoint(vote.LastOffsetEpoch, vote.LastOffset),
            vote.PreVote), null);
    }

    private (RaftRequest?, IApiMessage?) ReadBegin(BeginQuorumEpochRequest message, short version)
    {
        if (!IsThisCluster(message.ClusterId))
        {
            return (null, new BeginQuorumEpochResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (message.Topics is not [{ TopicName: MetadataLog.TopicName, Partitions: [{ PartitionIndex: 0 } begin] }])
        {
            return (null, new BeginQuorumEpochResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        return (new RaftRequest.BeginEpoch(
            begin.LeaderId,
            begin.LeaderEpoch,
            version >= 1 && message.VoterId >= 0
                ? new ReplicaKey(message.VoterId, begin.VoterDirectoryId)
                : null)
        {
            LeaderEndpoint = EndpointIn(
                begin.LeaderId, message.LeaderEndpoints.Select(each => (each.Name, each.Host, (int)each.Port))),
        }, null);
    }

    private (RaftRequest?, IApiMessage?) ReadEnd(EndQuorumEpochRequest message, short version)
    {
        if (!IsThisCluster(message.ClusterId))
        {
            return (null, new EndQuorumEpochResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (message.Topics is not [{ TopicName: MetadataLog.TopicName, Partitions: [{ PartitionIndex: 0 } end] }])
        {
            return (null, new EndQuorumEpochResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        IEnumerable<ReplicaKey> successors = version >= 1
            ? end.PreferredCandidates.Select(replica => new ReplicaKey(
                replica.CandidateId, replica.CandidateDirectoryId))
            : end.PreferredSuccessors.Select(id => new ReplicaKey(id, default));
        return (new RaftRequest.EndEpoch(end.LeaderId, end.LeaderEpoch, [.. successors])
        {
            LeaderEndpoint = EndpointIn(
                end.LeaderId, message.LeaderEndpoints.Select(each => (each.Name, each.Host, (int)each.Port))),
        }, null);
    }

    private PeerEndpoint? EndpointIn(int leaderId, IEnumerable<(string Name, string Host, int Port)> listeners)
    {
        foreach ((string name, string host, int port) in listeners)
        {
            if (string.Equals(name, settings.ControllerListenerName, StringComparison.OrdinalIgnoreCase))
            {
                return new PeerEndpoint(leaderId, host, port);
            }
        }

        return null;
    }

    private (RaftRequest?, IApiMessage?) ReadFetch(FetchRequest message, short version)
    {
        if (!IsThisCluster(message.ClusterId))
        {
            return (null, new FetchResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (message.Topics is not [{ Partitions: [{ Partition: 0 } fetch] } topic]
            || (version >= 13 ? topic.TopicId != Uuid.MetadataTopicId : topic.Topic != MetadataLog.TopicName))
        {
            return (null, new FetchResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        int replicaId = version >= 15 ? message.ReplicaState.ReplicaId : message.ReplicaId;
        return (new RaftRequest.Fetch(
            new ReplicaKey(replicaId, fetch.ReplicaDirectoryId),
            fetch.CurrentLeaderEpoch,
            fetch.FetchOffset,
            fetch.LastFetchedEpoch,
            fetch.HighWatermark,
            message.MaxWaitMs), null);
    }

    private (RaftRequest?, IApiMessage?) ReadFetchSnapshot(FetchSnapshotRequest message)
    {
        if (!IsThisCluster(message.ClusterId))
        {
            return (null, new FetchSnapshotResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (message.Topics is not [{ Name: MetadataLog.TopicName, Partitions: [{ Partition: 0 } fetch] }])
        {
            return (null, UnknownPartitions(message));
        }

        return (new RaftRequest.FetchSnapshot(
            new ReplicaKey(message.ReplicaId, fetch.ReplicaDirectoryId),
            fetch.CurrentLeaderEpoch,
            new LogPoint(fetch.SnapshotId.Epoch, fetch.SnapshotId.EndOffset),
            fetch.Position), null);
    }

    private static FetchSnapshotResponse UnknownPartitions(FetchSnapshotRequest message) => new()
    {
        Topics = [.. message.Topics.Select(topic => new FetchSnapshotResponse.TopicSnapshot
        {
            Name = topic.Name,
            Partitions = [.. topic.Partitions.Select(partition => new FetchSnapshotResponse.PartitionSnapshot
            {
                Index = partition.Partition,
                ErrorCode = ErrorCode.UnknownTopicOrPartition,
            })],
        })],
    };

    private bool IsThisCluster(string? name) => name is null || name == settings.ClusterId;
}
