using KRaftSharp.Log;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Messages;

/// <summary>All that a replica can ask for; carried out in order.</summary>
internal abstract record RaftEffect
{
    private RaftEffect()
    {
    }

    /// <summary>Answered by <see cref="RaftInput.VotePersisted"/>.</summary>
    public sealed record PersistVote(ElectionState State) : RaftEffect;

    /// <summary>Answered by <see cref="RaftInput.Replied"/> or <see cref="RaftInput.Failed"/>.</summary>
    public sealed record Send(int To, PeerEndpoint Endpoint, long RequestId, RaftRequest Request) : RaftEffect;

    public sealed record Respond(object Token, RaftReply Reply) : RaftEffect;

    /// <summary>Append the control batch that starts the leader's epoch; <see cref="RaftInput.LogChanged"/>.</summary>
    /// <param name="NewVoters">A voter set that goes into the same batch, or null.</param>
    public sealed record AppendLeaderChange(
        int Epoch, IReadOnlyList<int> Voters, IReadOnlyList<int> Granting, VoterSet? NewVoters) : RaftEffect;

    /// <summary>Append a voter set behind all that the leader has queued. It counts once the log view shows it:
    /// <see cref="RaftInput.LogChanged"/>.</summary>
    /// <param name="KRaftVersion">A level that goes into the same batch before it, or null.</param>
    public sealed record AppendVoters(int Epoch, VoterSet Voters, short? KRaftVersion) : RaftEffect;

    /// <summary>Append what a leader sent; <see cref="RaftInput.LogChanged"/> or
    /// <see cref="RaftInput.AppendRefused"/>, and <see cref="RaftInput.Flushed"/> once it is durable.</summary>
    public sealed record Append(ReadOnlyMemory<byte> Records) : RaftEffect;

    /// <summary>Drop the log from this offset on; <see cref="RaftInput.LogChanged"/>.</summary>
    public sealed record Truncate(long EndOffset) : RaftEffect;

    /// <summary>Write a piece of a downloaded snapshot, the first with position 0;
    /// <see cref="RaftInput.SnapshotProgress"/>. With the last piece make it durable and let the log start at its end:
    /// <see cref="RaftInput.SnapshotInstalled"/> or <see cref="RaftInput.SnapshotRefused"/>.</summary>
    public sealed record WriteSnapshotChunk(LogPoint SnapshotId, long Position, ReadOnlyMemory<byte> Bytes, bool IsLast)
        : RaftEffect;

    /// <summary>Everything below is committed.</summary>
    public sealed record Commit(long HighWatermark) : RaftEffect;

    /// <param name="EpochStartOffset">Where the epoch starts in the log, if this node leads.</param>
    public sealed record LeaderChanged(LeaderAndEpoch Leader, long EpochStartOffset) : RaftEffect;

    /// <summary>For the log of events.</summary>
    public sealed record RoleChanged(RaftRole From, RaftRole To, ElectionState State, string Reason) : RaftEffect;

    /// <summary>Give <see cref="RaftInput.TimePassed"/> at this time; replaces the last one.</summary>
    public sealed record WakeAt(long AtMs) : RaftEffect;

    /// <summary>Nothing more to hand over: the driver may close.</summary>
    public sealed record ShutdownComplete : RaftEffect
    {
        public static ShutdownComplete Instance { get; } = new();
    }
}
