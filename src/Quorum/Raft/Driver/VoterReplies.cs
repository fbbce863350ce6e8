using System.Diagnostics;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Answers to AddRaftVoter v0-1, RemoveRaftVoter v0 and UpdateRaftVoter v0 (KIP-853).</summary>
internal static class VoterReplies
{
    /// <param name="leader">Where the leader listens.</param>
    public static IApiMessage ToMessage(IApiMessage request, RaftReply.VoterChange reply, PeerEndpoint? leader)
    {
        // An error without a text of its own says what its code means, as Kafka's do.
        string? message = reply.Error == ErrorCode.None ? null : reply.Message ?? ErrorCodes.Message(reply.Error);
        return request switch
        {
            AddRaftVoterRequest => new AddRaftVoterResponse { ErrorCode = reply.Error, ErrorMessage = message },
            RemoveRaftVoterRequest => new RemoveRaftVoterResponse { ErrorCode = reply.Error, ErrorMessage = message },
            UpdateRaftVoterRequest => new UpdateRaftVoterResponse
            {
                ErrorCode = reply.Error,
                CurrentLeader = new UpdateRaftVoterResponse.CurrentLeaderValue
                {
                    LeaderId = reply.Leader.LeaderId ?? -1,
                    LeaderEpoch = reply.Leader.Epoch,
                    Host = leader?.Host ?? "",
                    Port = leader?.Port ?? 0,
                },
            },
            _ => throw new UnreachableException(),
        };
    }
}
