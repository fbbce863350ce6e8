namespace KRaftSharp.Client.Admin;

/// <summary>Which ACLs are meant; what is not said does not matter.</summary>
public sealed record AclFilter
{
    public AclResourceType ResourceType { get; init; } = AclResourceType.Any;

    public string? ResourceName { get; init; }

    public AclPatternType PatternType { get; init; } = AclPatternType.Any;

    public string? Principal { get; init; }

    public string? Host { get; init; }

    public AclOperation Operation { get; init; } = AclOperation.Any;

    public AclPermission Permission { get; init; } = AclPermission.Any;

    /// <summary>Exactly this one.</summary>
    public static AclFilter Of(AclBinding acl) => new()
    {
        ResourceType = acl.ResourceType,
        ResourceName = acl.ResourceName,
        PatternType = acl.PatternType,
        Principal = acl.Principal,
        Host = acl.Host,
        Operation = acl.Operation,
        Permission = acl.Permission,
    };
}
