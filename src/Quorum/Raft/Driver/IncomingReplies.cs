using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;

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
            : new RaftReply.Epoch(OrInvalid(begin.ErrorCode), Unknown),
        EndQuorumEpochResponse end => end.Topics is [{ Partitions: [var partition] }]
            && end.ErrorCode == ErrorCode.None
            ? new RaftReply.Epoch(partition.ErrorCode, Leader(partition.LeaderId, partition.LeaderEpoch))
            : new RaftReply.Epoch(OrInvalid(end.ErrorCode), Unknown),
        FetchResponse fetch => FromFetch(fetch),
        FetchSnapshotResponse snapshot => FromSnapshot(snapshot),
        _ => null,
    };

    private static RaftReply.Vote FromVote(VoteResponse vote) => vote.Topics is [{ Partitions: [var partition] }]
        && vote.ErrorCode == ErrorCode.None
        ? new RaftReply.Vote(
            partition.ErrorCode, Leader(partition.LeaderId, partition.LeaderEpoch), partition.VoteGranted)
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
            SnapshotId = new LogPoint(partition.SnapshotId.Epoch, partition.SnapshotId.EndOffset),
            SizeBytes = partition.Size,
            Position = partition.Position,
            Bytes = partition.UnalignedRecords,
        };
    }

    private static ErrorCode OrInvalid(ErrorCode error) =>
        error == ErrorCode.None ? ErrorCode.InvalidRequest : error;

    private static LeaderAndEpoch Leader(int id, int epoch) => new(id >= 0 ? id : null, epoch);
}
