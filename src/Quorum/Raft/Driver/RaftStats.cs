namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>How quick this node's part in the quorum is.</summary>
/// <remarks>Written on the driver's strand; any thread may read.</remarks>
public sealed class RaftStats(TimeProvider time)
{
    private const int MostWaiting = 1024;

    private readonly Queue<(long EndOffset, long At)> _waiting = new();
    private long _electionStart;

    /// <summary>Milliseconds from an append by this node, as the leader, until a majority has it.</summary>
    public RecentStat CommitLatency { get; } = new(time);

    /// <summary>Milliseconds from the first try to be elected until a leader is known.</summary>
    public RecentStat ElectionLatency { get; } = new(time);

    /// <summary>Records appended as the leader.</summary>
    public RecentStat Appends { get; } = new(time);

    internal void Appended(int records, long endOffset)
    {
        Appends.Record(records);
        // While nothing is committed, as in a partition, only the first ones are timed.
        if (_waiting.Count < MostWaiting)
        {
            _waiting.Enqueue((endOffset, time.GetTimestamp()));
        }
    }

    internal void Committed(long highWatermark)
    {
        while (_waiting.TryPeek(out (long EndOffset, long At) next) && next.EndOffset <= highWatermark)
        {
            _waiting.Dequeue();
            CommitLatency.Record(time.GetElapsedTime(next.At).TotalMilliseconds);
        }
    }

    internal void RoleChanged(RaftRole role)
    {
        if (role is RaftRole.Prospective or RaftRole.Candidate && _electionStart == 0)
        {
            _electionStart = Math.Max(1, time.GetTimestamp());
        }
    }

    internal void LeaderChanged(LeaderAndEpoch leader, int nodeId)
    {
        if (!leader.IsLeader(nodeId))
        {
            _waiting.Clear();
        }

        if (leader.LeaderId is not null && _electionStart != 0)
        {
            ElectionLatency.Record(time.GetElapsedTime(_electionStart).TotalMilliseconds);
            _electionStart = 0;
        }
    }
}
