namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>What a group's configs say of its records, at one moment.</summary>
/// <param name="MaxDeliveryCount">A record that was delivered so often and is not done is given up; at least 2.</param>
/// <param name="MaxRecordLocks">The most records from a share partition's start to its last delivered one.</param>
/// <param name="LockMs">How long a member holds what it was given.</param>
/// <param name="RenewsLocks">Whether members may prolong their locks (KIP-1222).</param>
/// <param name="HasDeadLetters">Whether what is given up goes to a dead letter queue first (KIP-1191).</param>
internal sealed record ShareLimits(
    int MaxDeliveryCount, int MaxRecordLocks, int LockMs, bool RenewsLocks, bool HasDeadLetters)
{
    private const int LeastThrottledCount = 2;

    /// <summary>From so many deliveries on, records are delivered in ever smaller portions: one of them may be what
    /// kills its consumers.</summary>
    public int ThrottledCount => Math.Max(LeastThrottledCount, (MaxDeliveryCount + 1) / 2);

    /// <summary>Whether a record's last delivery is made alone.</summary>
    public bool IsolatesLast => MaxDeliveryCount > LeastThrottledCount;
}
