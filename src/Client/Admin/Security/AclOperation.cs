namespace KRaftSharp.Client.Admin;

/// <summary>What an ACL allows or denies; the value is the protocol's.</summary>
public enum AclOperation : sbyte
{
    /// <summary>In filters alone.</summary>
    Any = 1,
    All = 2,
    Read = 3,
    Write = 4,
    Create = 5,
    Delete = 6,
    Alter = 7,
    Describe = 8,
    ClusterAction = 9,
    DescribeConfigs = 10,
    AlterConfigs = 11,
    IdempotentWrite = 12,
    CreateTokens = 13,
    DescribeTokens = 14,
    TwoPhaseCommit = 15,
}
