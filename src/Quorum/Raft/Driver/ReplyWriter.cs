using System.Diagnostics;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Reads other nodes' requests and answers them, with records and snapshot pieces in pooled memory.</summary>
internal sealed class ReplyWriter(RaftSettings settings, MetadataLog log, Func<PeerEndpoint?> leaderEndpoint)
{
    private readonly IncomingRequests _requests = new(settings);
    private readonly OutgoingReplies _replies = new(leaderEndpoint);

    /// <summary>The request, or the answer that refuses it.</summary>
    public (RaftRequest? Request, IApiMessage? Refusal) Read(IApiMessage message, short version) =>
        _requests.Read(message, version);

    /// <summary>What a replica says that is not up yet, or no more.</summary>
    public static IApiMessage Unavailable(IApiMessage request) => request switch
    {
        VoteRequest => new VoteResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        BeginQuorumEpochRequest => new BeginQuorumEpochResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        EndQuorumEpochRequest => new EndQuorumEpochResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        FetchRequest => new FetchResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        FetchSnapshotRequest => new FetchSnapshotResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        DescribeQuorumRequest => new DescribeQuorumResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        AddRaftVoterRequest => new AddRaftVoterResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        RemoveRaftVoterRequest => new RemoveRaftVoterResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        UpdateRaftVoterRequest => new UpdateRaftVoterResponse { ErrorCode = ErrorCode.BrokerNotAvailable },
        _ => throw new UnreachableException(),
    };

    public void Respond(PendingRequest pending, RaftReply reply)
    {
        switch (reply)
        {
            case RaftReply.Fetch { ReadFrom: { } offset } fetch:
                RespondWithRecords(pending, fetch, offset);
                break;
            case RaftReply.Snapshot { Error: ErrorCode.None } snapshot:
                RespondWithSnapshot(pending, snapshot);
                break;
            default:
                Respond(pending, reply, default, null);
                break;
        }
    }

    private void RespondWithRecords(PendingRequest pending, RaftReply.Fetch reply, long offset)
    {
        FetchRequest request = (FetchRequest)pending.Request;
        int maxBytes = Math.Min(
            Math.Min(request.MaxBytes, request.Topics[0].Partitions[0].PartitionMaxBytes), settings.FetchMaxBytes);
        LogReadResult read = log.Read(offset, Math.Max(maxBytes, 0), log.EndOffset);
        Respond(pending, reply, read.Records, read.Lease);
    }

    private void RespondWithSnapshot(PendingRequest pending, RaftReply.Snapshot reply)
    {
        FetchSnapshotRequest request = (FetchSnapshotRequest)pending.Request;
        if (!log.Snapshots.Ids.Contains(reply.SnapshotId))
        {
            Respond(pending, reply with { Error = ErrorCode.SnapshotNotFound }, default, null);
            return;
        }

        using IStorageFile file = log.Snapshots.Open(reply.SnapshotId);
        long size = file.Length;
        if (reply.Position < 0 || reply.Position >= size)
        {
            Respond(pending, reply with { Error = ErrorCode.PositionOutOfRange }, default, null);
            return;
        }

        int wanted = Math.Max(Math.Min(request.MaxBytes, settings.FetchSnapshotMaxBytes), 1);
        PooledChunk chunk = new((int)Math.Min(wanted, size - reply.Position));
        file.Read(chunk.Memory.Span, reply.Position);
        Respond(pending, reply with { SizeBytes = size }, chunk.Memory, chunk);
    }

    private void Respond(PendingRequest pending, RaftReply reply, ReadOnlyMemory<byte> bytes, IDisposable? lease) =>
        pending.Respond(_replies.ToMessage(pending.Request, pending.Version, reply, bytes), lease);
}
