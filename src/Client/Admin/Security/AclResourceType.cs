namespace KRaftSharp.Client.Admin;

/// <summary>What an ACL is about; the value is the protocol's.</summary>
public enum AclResourceType : sbyte
{
    /// <summary>In filters alone.</summary>
    Any = 1,
    Topic = 2,
    Group = 3,
    Cluster = 4,
    TransactionalId = 5,
    DelegationToken = 6,
    User = 7,
}
