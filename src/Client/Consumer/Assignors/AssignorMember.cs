namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>A member of a classic group as its leader sees it.</summary>
/// <param name="Id">Given by the coordinator.</param>
/// <param name="Topics">What it subscribed to.</param>
public sealed record AssignorMember(string Id, IReadOnlyList<string> Topics)
{
    /// <summary><c>group.instance.id</c>; null for a dynamic member.</summary>
    public string? InstanceId { get; init; }

    /// <summary><c>client.rack</c>; null or empty: nowhere (KIP-881).</summary>
    public string? Rack { get; init; }

    /// <summary>What it says it owns (KIP-429).</summary>
    public IReadOnlyList<TopicPartition> Owned { get; init; } = [];

    /// <summary>The generation it owns that from; -1 not said (KIP-792).</summary>
    public int Generation { get; init; } = -1;

    /// <summary>What its assignor put in beside that.</summary>
    public ReadOnlyMemory<byte>? UserData { get; init; }
}
