using KRaftSharp.Log;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Messages;

/// <summary>All that a replica can learn.</summary>
internal abstract record RaftInput
{
    private RaftInput()
    {
    }

    /// <summary>First input; the log is open and durable as it is.</summary>
    public sealed record Started : RaftInput
    {
        public static Started Instance { get; } = new();
    }

    public sealed record TimePassed : RaftInput
    {
        public static TimePassed Instance { get; } = new();
    }

    /// <summary>This vote survives a crash from now on.</summary>
    public sealed record VotePersisted(ElectionState State) : RaftInput;

    /// <summary>The log's content changed as an effect or an append of the leader's asked; see the view.</summary>
    public sealed record LogChanged : RaftInput
    {
        public static LogChanged Instance { get; } = new();
    }

    /// <summary>What the last Fetch reply brought was no continuation of the log; nothing was appended.</summary>
    public sealed record AppendRefused : RaftInput
    {
        public static AppendRefused Instance { get; } = new();
    }

    /// <summary>Everything below is durable. Never given for an end that was truncated since.</summary>
    public sealed record Flushed(long EndOffset) : RaftInput;

    /// <summary>The chunk was written; the next one starts here.</summary>
    public sealed record SnapshotProgress(LogPoint SnapshotId, long Position) : RaftInput;

    /// <summary>The downloaded snapshot is durable and the log starts at its end.</summary>
    public sealed record SnapshotInstalled(LogPoint SnapshotId) : RaftInput;

    /// <summary>What was downloaded is no snapshot.</summary>
    public sealed record SnapshotRefused(LogPoint SnapshotId) : RaftInput;

    /// <param name="Token">Comes back with the <see cref="RaftEffect.Respond"/>.</param>
    public sealed record Requested(object Token, RaftRequest Request) : RaftInput;

    /// <param name="RequestId">That of <see cref="RaftEffect.Send"/>.</param>
    public sealed record Replied(long RequestId, RaftReply Reply) : RaftInput;

    /// <param name="Status">Anything but Ok.</param>
    public sealed record Failed(long RequestId, RpcStatus Status) : RaftInput;

    public sealed record ResignRequested(int Epoch) : RaftInput;

    public sealed record ShutdownRequested : RaftInput
    {
        public static ShutdownRequested Instance { get; } = new();
    }
}
