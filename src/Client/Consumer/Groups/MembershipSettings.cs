namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>How a member is one, from the consumer's options.</summary>
internal sealed class MembershipSettings
{
    public MembershipSettings(ConsumerOptions options, Chance chance)
    {
        Options = options;
        Chance = chance;
        GroupId = options.GroupId ?? throw new InvalidOperationException("a group.id is needed for this");
    }

    public ConsumerOptions Options { get; }

    public Chance Chance { get; }

    public string GroupId { get; }

    public string? InstanceId => Options.GroupInstanceId;

    public long HeartbeatMs => (long)Options.HeartbeatInterval.TotalMilliseconds;

    public int MaxPollMs => (int)Math.Min(Options.MaxPollInterval.TotalMilliseconds, int.MaxValue);

    public long BackoffMs(int attempt) =>
        (long)Chance.Backoff(Options.RetryBackoff, Options.RetryBackoffMax, attempt).TotalMilliseconds;
}
