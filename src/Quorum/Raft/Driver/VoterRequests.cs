using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>AddRaftVoter v0-1, RemoveRaftVoter v0 and UpdateRaftVoter v0 (KIP-853), in and out.</summary>
internal sealed class VoterRequests(RaftSettings settings)
{
    /// <summary>The request, or the answer that refuses it.</summary>
    public (RaftRequest?, IApiMessage?) Read(AddRaftVoterRequest message)
    {
        if (IsForeign(message.ClusterId))
        {
            return (null, new AddRaftVoterResponse
            {
                ErrorCode = ErrorCode.InconsistentClusterId,
                ErrorMessage = Mismatch(message.ClusterId!),
            });
        }

        return (new RaftRequest.AddVoter(
            new ReplicaKey(message.VoterId, message.VoterDirectoryId),
            [.. message.Listeners.Select(each => new VoterListener(each.Name, each.Host, each.Port))],
            message.AckWhenCommitted), null);
    }

    /// <inheritdoc cref="Read(AddRaftVoterRequest)"/>
    public (RaftRequest?, IApiMessage?) Read(RemoveRaftVoterRequest message) => IsForeign(message.ClusterId)
        ? (null, new RemoveRaftVoterResponse
        {
            ErrorCode = ErrorCode.InconsistentClusterId,
            ErrorMessage = Mismatch(message.ClusterId!),
        })
        : (new RaftRequest.RemoveVoter(new ReplicaKey(message.VoterId, message.VoterDirectoryId)), null);

    /// <inheritdoc cref="Read(AddRaftVoterRequest)"/>
    public (RaftRequest?, IApiMessage?) Read(UpdateRaftVoterRequest message) => IsForeign(message.ClusterId)
        ? (null, new UpdateRaftVoterResponse { ErrorCode = ErrorCode.InconsistentClusterId })
        : (new RaftRequest.UpdateVoter(
            message.CurrentLeaderEpoch,
            new ReplicaKey(message.VoterId, message.VoterDirectoryId),
            [.. message.Listeners.Select(each => new VoterListener(each.Name, each.Host, each.Port))],
            message.KRaftVersionFeature.MinSupportedVersion,
            message.KRaftVersionFeature.MaxSupportedVersion), null);

    public AddRaftVoterRequest ToMessage(RaftRequest.AddVoter add)
    {
        AddRaftVoterRequest message = new()
        {
            ClusterId = settings.ClusterId,
            TimeoutMs = settings.RequestTimeoutMs,
            VoterId = add.Voter.Id,
            VoterDirectoryId = add.Voter.DirectoryId,
            AckWhenCommitted = add.AckWhenCommitted,
        };
        message.Listeners.AddRange(add.Listeners.Select(own => new AddRaftVoterRequest.Listener
        {
            Name = own.Name,
            Host = own.Host,
            Port = (ushort)own.Port,
        }));
        return message;
    }

    public RemoveRaftVoterRequest ToMessage(RaftRequest.RemoveVoter remove) => new()
    {
        ClusterId = settings.ClusterId,
        VoterId = remove.Voter.Id,
        VoterDirectoryId = remove.Voter.DirectoryId,
    };

    public UpdateRaftVoterRequest ToMessage(RaftRequest.UpdateVoter update)
    {
        UpdateRaftVoterRequest message = new()
        {
            ClusterId = settings.ClusterId,
            CurrentLeaderEpoch = update.Epoch,
            VoterId = update.Voter.Id,
            VoterDirectoryId = update.Voter.DirectoryId,
            KRaftVersionFeature = new UpdateRaftVoterRequest.KRaftVersionFeatureValue
            {
                MinSupportedVersion = update.MinVersion,
                MaxSupportedVersion = update.MaxVersion,
            },
        };
        message.Listeners.AddRange(update.Listeners.Select(own => new UpdateRaftVoterRequest.Listener
        {
            Name = own.Name,
            Host = own.Host,
            Port = (ushort)own.Port,
        }));
        return message;
    }

    private bool IsForeign(string? clusterId) => clusterId is not null && clusterId != settings.ClusterId;

    private string Mismatch(string clusterId) =>
        $"The given id \"{clusterId}\" doesn't match the cluster id \"{settings.ClusterId}\"";
}
