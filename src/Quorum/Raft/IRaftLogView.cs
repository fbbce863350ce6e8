using KRaftSharp.Log;

namespace KRaftSharp.Quorum.Raft;

/// <summary>What the replica must know of its log; it changes only between two steps.</summary>
internal interface IRaftLogView
{
    /// <summary>Offsets below are in a snapshot only.</summary>
    long StartOffset { get; }

    /// <summary>Exclusive; written, not necessarily durable.</summary>
    long EndOffset { get; }

    /// <summary>The epoch of the last batch, else of the snapshot that the log starts at, else 0.</summary>
    int LastEpoch { get; }

    /// <summary>The voters that the log names up to its end, committed or not.</summary>
    VoterHistory Voters { get; }

    LogPoint? EarliestSnapshot { get; }

    LogPoint? LatestSnapshot { get; }

    /// <summary>
    /// The greatest epoch up to <paramref name="epoch"/> that the log has, and where it ends; for an epoch beyond all
    /// of them the log's own last epoch and end.
    /// </summary>
    LogPoint EndOffsetForEpoch(int epoch);
}
