namespace KRaftSharp.Client.Admin;

/// <summary>A group with its members.</summary>
public sealed record GroupDescription(string Id, GroupType Type)
{
    /// <summary>Kafka's name, such as <c>Stable</c> or <c>Empty</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>The assignor; empty while a classic group has none.</summary>
    public string Assignor { get; init; } = "";

    /// <summary>Grows with every change of members or subscriptions; -1 for classic groups.</summary>
    public int Epoch { get; init; } = -1;

    /// <summary>The epoch that the target assignment is for; -1 for classic groups.</summary>
    public int AssignmentEpoch { get; init; } = -1;

    public IReadOnlyList<GroupMember> Members { get; init; } = [];
}
