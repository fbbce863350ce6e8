using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>An addition or removal of a voter whose answer is owed.</summary>
internal sealed class PendingVoterChange(object token, RaftRequest request, long deadlineMs)
{
    public object Token => token;

    public RaftRequest Request => request;

    public long DeadlineMs => deadlineMs;

    /// <summary>The new set was given to the driver.</summary>
    public bool IsAppended { get; set; }

    /// <summary>Where the new set stands in the log.</summary>
    public long? Offset { get; set; }
}
