namespace KRaftSharp.Quorum.Metadata;

/// <summary>One access control entry; types, operation and permission are the protocol's numbers.</summary>
public sealed record AclEntry(
    sbyte ResourceType,
    string ResourceName,
    sbyte PatternType,
    string Principal,
    string Host,
    sbyte Operation,
    sbyte PermissionType);
