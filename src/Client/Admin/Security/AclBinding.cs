namespace KRaftSharp.Client.Admin;

/// <summary>Who may do what with which resource, or may not.</summary>
/// <param name="ResourceType">What it is about.</param>
/// <param name="ResourceName">Its name; <c>kafka-cluster</c> for the cluster, <c>*</c> for all.</param>
/// <param name="Principal">Such as <c>User:alice</c>; <c>User:*</c> for everyone.</param>
/// <param name="Operation">What it allows or denies.</param>
public sealed record AclBinding(
    AclResourceType ResourceType, string ResourceName, string Principal, AclOperation Operation)
{
    /// <summary>The name of the one resource of type <see cref="AclResourceType.Cluster"/>.</summary>
    public const string ClusterName = "kafka-cluster";

    public AclPatternType PatternType { get; init; } = AclPatternType.Literal;

    /// <summary>The client's address; <c>*</c> for all.</summary>
    public string Host { get; init; } = "*";

    public AclPermission Permission { get; init; } = AclPermission.Allow;
}
