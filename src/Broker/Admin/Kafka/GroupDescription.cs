namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>A group as its coordinator lists it.</summary>
/// <param name="Type">classic, consumer, share or streams, as the broker spells it.</param>
internal sealed record ListedGroup(string Id, int Coordinator, string ProtocolType, string State, string Type)
{
    /// <summary>Members take no part in a protocol: offsets are only kept.</summary>
    public bool IsSimple => ProtocolType.Length == 0;

    public bool IsShare => Type.Equals("share", StringComparison.OrdinalIgnoreCase);

    /// <summary>The state as HTTP APIs spell it, such as PREPARING_REBALANCE.</summary>
    public string UpperState => string.Concat(State.Select((letter, index) =>
        index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}

/// <summary>A group with its members.</summary>
/// <param name="Epoch">Null for the classic protocol, whose generation only members know.</param>
internal sealed record GroupDescription(
    ListedGroup Group, string Assignor, int? Epoch, IReadOnlyList<GroupMember> Members);

internal sealed record GroupMember(
    string Id, string? InstanceId, string ClientId, string Host, int? Epoch,
    IReadOnlyList<(string Topic, int Partition)> Assignment);

internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string? Metadata);
