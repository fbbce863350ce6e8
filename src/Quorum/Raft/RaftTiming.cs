using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Waiting times of elections that Kafka has no setting for.</summary>
internal sealed class RaftTiming(RaftSettings settings, Prng prng)
{
    /// <summary>Followers that lose their leader at the same moment spread their pre-votes over this time.</summary>
    private const int RefusedJitterMs = 20;

    /// <summary>How long one that granted a pre-vote stays out of the way: two round trips and two flushes.</summary>
    private const int YieldMs = 60;

    private const int FastRetryMs = 25;
    private const int MostDoublings = 6;
    private const int FirstElectionMs = 30;

    /// <summary>Between one and two election timeouts, as in Kafka.</summary>
    public long Election() => settings.ElectionTimeoutMs + prng.Below(Math.Max(settings.ElectionTimeoutMs, 1));

    /// <summary>
    /// Right after the start: a leader there is answers the first fetch sooner, and pre-votes disturb nobody.
    /// </summary>
    public long FirstElection() => FirstElectionMs + prng.Below(2 * FirstElectionMs);

    /// <summary>After the leader's process was found gone for the n-th time without an election.</summary>
    public long LeaderGone(int attempts) =>
        attempts == 0 ? prng.Below(RefusedJitterMs) : Backoff(attempts - 1);

    /// <summary>After a lost election: short at first, up to controller.quorum.election.backoff.max.ms.</summary>
    public long Backoff(int attempts)
    {
        long limit = Math.Min((long)FastRetryMs << Math.Min(attempts, MostDoublings), settings.ElectionBackoffMaxMs);
        return 1 + prng.Below((int)Math.Max(limit, 1));
    }

    public long Yield() => YieldMs + prng.Below(RefusedJitterMs);

    /// <summary>For a successor named in EndQuorumEpoch: the first at once, the others after it.</summary>
    public long Successor(int position) =>
        position == 0 ? 0 : Math.Min((YieldMs * position) + prng.Below(RefusedJitterMs), settings.ElectionBackoffMaxMs);
}
