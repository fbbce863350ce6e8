namespace KRaftSharp.Broker.ShareState;

/// <summary>Where a record stands on its way through a share group. The values are those on the wire and on disk.
/// </summary>
internal enum RecordState : sbyte
{
    /// <summary>To be delivered (again).</summary>
    Available = 0,

    /// <summary>Delivered to a member, which holds it until its lock runs out. Never persisted.</summary>
    Acquired = 1,

    /// <summary>Processed.</summary>
    Acknowledged = 2,

    /// <summary>Given up, and on its way to the dead letter queue (KIP-1191).</summary>
    Archiving = 3,

    /// <summary>Given up.</summary>
    Archived = 4,
}
