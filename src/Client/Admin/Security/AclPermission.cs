namespace KRaftSharp.Client.Admin;

/// <summary>Whether an ACL allows; the value is the protocol's.</summary>
public enum AclPermission : sbyte
{
    /// <summary>In filters alone.</summary>
    Any = 1,

    /// <summary>Counts before every allowance.</summary>
    Deny = 2,
    Allow = 3,
}
