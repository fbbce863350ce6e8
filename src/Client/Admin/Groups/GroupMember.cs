namespace KRaftSharp.Client.Admin;

/// <summary>A member of a group.</summary>
public sealed record GroupMember(string Id, string ClientId, string Host)
{
    /// <summary><c>group.instance.id</c>; null for a dynamic member.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    /// <summary>-1 for members of classic groups.</summary>
    public int Epoch { get; init; } = -1;

    /// <summary>Topics it asks for; empty where the group's type does not tell.</summary>
    public IReadOnlyList<string> Subscription { get; init; } = [];

    /// <summary>The partitions it has. Of a streams group: subtopology and partition of its active tasks.</summary>
    public IReadOnlyList<TopicPartition> Assignment { get; init; } = [];

    /// <summary>The partitions it shall have; null where the group's type does not tell.</summary>
    public IReadOnlyList<TopicPartition>? Target { get; init; }
}
