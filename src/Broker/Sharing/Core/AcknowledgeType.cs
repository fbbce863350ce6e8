namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>What a member says of a record that it holds. The values are those on the wire.</summary>
internal enum AcknowledgeType : sbyte
{
    /// <summary>There is no such record: a control record, or a compacted one.</summary>
    Gap = 0,
    Accept = 1,
    Release = 2,
    Reject = 3,

    /// <summary>The member needs longer (KIP-1222).</summary>
    Renew = 4,
}
