using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Messages;

/// <summary>Answers between replicas; each tells leader and epoch of who answers.</summary>
internal abstract record RaftReply(ErrorCode Error, LeaderAndEpoch Leader)
{
    /// <summary>Where the leader listens, where the answer says so.</summary>
    public PeerEndpoint? LeaderEndpoint { get; init; }

    public sealed record Vote(ErrorCode Error, LeaderAndEpoch Leader, bool Granted) : RaftReply(Error, Leader);

    /// <summary>To BeginEpoch and EndEpoch.</summary>
    public sealed record Epoch(ErrorCode Error, LeaderAndEpoch Leader) : RaftReply(Error, Leader);

    /// <summary>At most one of diverging epoch, snapshot and records.</summary>
    public sealed record Fetch(ErrorCode Error, LeaderAndEpoch Leader) : RaftReply(Error, Leader)
    {
        public long HighWatermark { get; init; } = -1;

        public long LogStartOffset { get; init; } = -1;

        /// <summary>The sender's log left the leader's at the latest here: truncate and ask again.</summary>
        public LogPoint? Diverging { get; init; }

        /// <summary>The leader's log starts later: download this snapshot first.</summary>
        public LogPoint? SnapshotId { get; init; }

        /// <summary>On the leader: whoever sends this reads records from here on; null for none.</summary>
        public long? ReadFrom { get; init; }

        /// <summary>On the follower: the batches that came; borrowed for the step that they are given to.</summary>
        public ReadOnlyMemory<byte> Records { get; init; }
    }

    public sealed record Snapshot(ErrorCode Error, LeaderAndEpoch Leader) : RaftReply(Error, Leader)
    {
        public LogPoint SnapshotId { get; init; } = LogPoint.Undefined;

        public long SizeBytes { get; init; }

        public long Position { get; init; }

        /// <summary>On the follower: the bytes at <see cref="Position"/>; borrowed as records are.</summary>
        public ReadOnlyMemory<byte> Bytes { get; init; }
    }

    /// <summary>To AddVoter, RemoveVoter, UpdateVoter and UpgradeVersion.</summary>
    public sealed record VoterChange(ErrorCode Error, LeaderAndEpoch Leader, string? Message)
        : RaftReply(Error, Leader);

    /// <summary>To AskVersions.</summary>
    /// <param name="KRaftVersions">Lowest and highest; null where the software does not know the feature.</param>
    public sealed record Versions(ErrorCode Error, (short Min, short Max)? KRaftVersions)
        : RaftReply(Error, new LeaderAndEpoch(null, -1));
}
