namespace KRaftSharp.Broker.Groups;

/// <summary>Between which protocols a group with members may change (group.consumer.migration.policy, KIP-848).
/// </summary>
[Flags]
internal enum MigrationPolicy
{
    Disabled = 0,

    /// <summary>From classic to consumer.</summary>
    Upgrade = 1,

    /// <summary>From consumer to classic.</summary>
    Downgrade = 2,

    Bidirectional = Upgrade | Downgrade,
}
