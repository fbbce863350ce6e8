using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Kafka's responses as the replica sees them; byte fields stay those of the message.</summary>
internal static class IncomingReplies
{
    private static readonly LeaderAndEpoch Unknown = new(null, -1);

    /// <summary>Null when the message is no answer to what a replica asks.</summary>
    public static RaftReply? FromMessage(IApiMessage message) => message switch
    {
        VoteResponse vote => FromVote(vote),
        BeginQuorumEpochResponse begin => begin.Topics is [{ Partitions: [var partition] }]
            && begin.ErrorCode == ErrorCode.None
            ? new RaftReply.Epoch(partition.ErrorCode, Leader(partition.LeaderId, partition.LeaderEpoch))
            {
                LeaderEndpoint = EndpointIn(
                    begin.NodeEndpoints.Select(node => (node.NodeId, node.Host, (int)node.Port)), partition.LeaderId),
            }
            : new RaftReply.Epoch(OrInvalid(begin.ErrorCode), Unknown),
        EndQuorumEpochResponse end => end.Topics is [{ Partitions: [var partition] }]
            && end.ErrorCode == ErrorCode.None
            ? new RaftReply.Epoch(partition.ErrorCode, Leader(partition.LeaderId, partition.LeaderEpoch))
            {
                LeaderEndpoint = EndpointIn(
                    end.NodeEndpoints.Select(node => (node.NodeId, node.Host, (int)node.Port)), partition.LeaderId),
            }
            : new RaftReply.Epoch(OrInvalid(end.ErrorCode), Unknown),
        FetchResponse fetch => FromFetch(fetch),
        FetchSnapshotResponse snapshot => FromSnapshot(snapshot),
        ApiVersionsResponse versions => FromVersions(versions),
        AddRaftVoterResponse add => new RaftReply.VoterChange(add.ErrorCode, Unknown, add.ErrorMessage),
        RemoveRaftVoterResponse remove => new RaftReply.VoterChange(remove.ErrorCode, Unknown, remove.ErrorMessage),
        UpdateRaftVoterResponse update => FromUpdate(update),
        _ => null,
    };

    private static RaftReply.Vote FromVote(VoteResponse vote) => vote.Topics is [{ Partitions: [var partition] }]
        && vote.ErrorCode == ErrorCode.None
        ? new RaftReply.Vote(
            partition.ErrorCode, Leader(partition.LeaderId, partition.LeaderEpoch), partition.VoteGranted)
        {
            LeaderEndpoint = EndpointIn(
                vote.NodeEndpoints.Select(node => (node.NodeId, node.Host, (int)node.Port)), partition.LeaderId),
        }
        : new RaftReply.Vote(OrInvalid(vote.ErrorCode), Unknown, false);

    private static RaftReply.Fetch FromFetch(FetchResponse fetch)
    {
        if (fetch.ErrorCode != ErrorCode.None || fetch.Responses is not [{ Partitions: [var partition] }])
        {
            return new RaftReply.Fetch(OrInvalid(fetch.ErrorCode), Unknown);
        }

        LeaderAndEpoch leader = Leader(partition.CurrentLeader.LeaderId, partition.CurrentLeader.LeaderEpoch);
        return new RaftReply.Fetch(partition.ErrorCode, leader)
        {
            LeaderEndpoint = EndpointIn(
                fetch.NodeEndpoints.Select(node => (node.NodeId, node.Host, node.Port)), leader.LeaderId ?? -1),
            HighWatermark = partition.HighWatermark,
            LogStartOffset = partition.LogStartOffset,
            Diverging = partition.DivergingEpoch is { Epoch: >= 0, EndOffset: >= 0 } diverging
                ? new LogPoint(diverging.Epoch, diverging.EndOffset)
                : null,
            SnapshotId = partition.SnapshotId is { Epoch: >= 0, EndOffset: >= 0 } snapshot
                ? new LogPoint(snapshot.Epoch, snapshot.EndOffset)
                : null,
            Records = partition.Records ?? default,
        };
    }

    private static RaftReply.Snapshot FromSnapshot(FetchSnapshotResponse fetch)
    {
        if (fetch.ErrorCode != ErrorCode.None || fetch.Topics is not [{ Partitions: [var partition] }])
        {
            return new RaftReply.Snapshot(OrInvalid(fetch.ErrorCode), Unknown);
        }

        return new RaftReply.Snapshot(
            partition.ErrorCode, Leader(partition.CurrentLeader.LeaderId, partition.CurrentLeader.LeaderEpoch))
        {
            LeaderEndpoint = EndpointIn(
                fetch.NodeEndpoints.Select(node => (node.NodeId, node.Host, (int)node.Port)),
                partition.CurrentLeader.LeaderId),
            SnapshotId = new LogPoint(partition.SnapshotId.Epoch, partition.SnapshotId.EndOffset),
            SizeBytes = partition.Size,
            Position = partition.Position,
            Bytes = partition.UnalignedRecords,
        };
    }

    private static RaftReply.Versions FromVersions(ApiVersionsResponse versions)
    {
        ApiVersionsResponse.SupportedFeatureKey? feature =
            versions.SupportedFeatures.Find(static known => known.Name == "kraft.version");
        return new RaftReply.Versions(
            versions.ErrorCode, feature is null ? null : (feature.MinVersion, feature.MaxVersion));
    }

    private static RaftReply.VoterChange FromUpdate(UpdateRaftVoterResponse update)
    {
        UpdateRaftVoterResponse.CurrentLeaderValue leader = update.CurrentLeader;
        return new RaftReply.VoterChange(update.ErrorCode, Leader(leader.LeaderId, leader.LeaderEpoch), null)
        {
            LeaderEndpoint = EndpointIn([(leader.LeaderId, leader.Host, leader.Port)], leader.LeaderId),
        };
    }

    private static PeerEndpoint? EndpointIn(IEnumerable<(int Id, string Host, int Port)> nodes, int leaderId)
    {
        foreach ((int id, string host, int port) in nodes)
        {
            if (id == leaderId && id >= 0 && host.Length > 0 && port > 0)
            {
                return new PeerEndpoint(id, host, port);
            }
        }

        return null;
    }

    private static ErrorCode OrInvalid(ErrorCode error) =>
        error == ErrorCode.None ? ErrorCode.InvalidRequest : error;

    private static LeaderAndEpoch Leader(int id, int epoch) => new(id >= 0 ? id : null, epoch);
}
