namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>Where the fetches of one follower broker park for the log ends of all partitions that it
/// replicates.</summary>
/// <remarks>
/// When this node begins to lead a partition, the follower must not sit in a long poll that does not know of it: what
/// is parked is answered, and for a while its polls are short, until it has heard of the new term as well.
/// </remarks>
internal sealed class FollowerGate : WaitGate
{
    private const long HurryMs = 2000;
    private const long ShortPollMs = 10;

    private long _hurryUntilMs = long.MinValue;

    /// <summary>The most that a fetch may wait now, on the monotonic clock.</summary>
    public long LongestPollMs(long nowMs) =>
        nowMs < Volatile.Read(ref _hurryUntilMs) ? ShortPollMs : long.MaxValue;

    public void Hurry(long nowMs)
    {
        Volatile.Write(ref _hurryUntilMs, nowMs + HurryMs);
        ExpireAll();
    }
}
