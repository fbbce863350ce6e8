namespace KRaftSharp.Client.Sharing;

/// <summary>What is to become of a record that a share group's member was given (KIP-932).</summary>
public enum AcknowledgeType
{
    /// <summary>It is done with and goes to nobody again.</summary>
    Accept = 1,

    /// <summary>Somebody shall have it again, as another delivery.</summary>
    Release = 2,

    /// <summary>It cannot be processed: it goes to nobody again, and to the group's dead letters if it has
    /// them.</summary>
    Reject = 3,

    /// <summary>It stays with this member, under a new lock, and is to be acknowledged later (KIP-1222).</summary>
    Renew = 4,
}
