namespace KRaftSharp.Client.Admin;

/// <summary>How an ACL names its resources (KIP-290); the value is the protocol's.</summary>
public enum AclPatternType : sbyte
{
    /// <summary>In filters alone: every type.</summary>
    Any = 1,

    /// <summary>In filters alone: all that would count for the named resource.</summary>
    Match = 2,

    /// <summary>This name, or <c>*</c> for all.</summary>
    Literal = 3,

    /// <summary>Every name that begins so.</summary>
    Prefixed = 4,
}
