using KRaftSharp.Log;

namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>What a follower or observer remembers while it follows one leader in one epoch.</summary>
internal sealed class FollowerState(int leaderId, long fetchDeadlineMs)
{
    public int LeaderId => leaderId;

    /// <summary>Without a fetch from the leader until then a voter asks for an election.</summary>
    public long FetchDeadlineMs { get; set; } = fetchDeadlineMs;

    /// <summary>A fetch succeeded: while that holds, pre-votes are denied (KIP-996).</summary>
    public bool HasFetched { get; set; }

    /// <summary>
    /// The leader's process is gone, resigned, or forgot that it led: pre-votes are granted again (decision 11).
    /// </summary>
    public bool LeaderGone { get; set; }

    /// <summary>When to ask for an election because the leader is gone.</summary>
    public long ElectionAtMs { get; set; } = long.MaxValue;

    /// <summary>When to tell the leader of this voter's listeners, or to ask to become a voter (KIP-853).</summary>
    public long NextVoterUpdateMs { get; set; }

    /// <summary>The leader knows this voter's listeners and software; asked of it only with static voters.</summary>
    public bool HasUpdatedLeader { get; set; }

    /// <summary>The leader's high watermark as of the last reply.</summary>
    public long LeaderHighWatermark { get; set; }

    /// <summary>The snapshot that is being downloaded.</summary>
    public LogPoint? Snapshot { get; set; }

    public long SnapshotPosition { get; set; }

    /// <summary>A chunk is being written.</summary>
    public bool IsSnapshotBusy { get; set; }
}
