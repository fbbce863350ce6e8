namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What a member subscribes to: topics, or a pattern that the brokers match (KIP-848).</summary>
/// <param name="Topics">In order, each once.</param>
/// <param name="Re2">Of RE2's language; null: topics.</param>
internal sealed record GroupSubscription(IReadOnlyList<string> Topics, string? Re2 = null)
{
    public static GroupSubscription Nothing { get; } = new([]);

    public bool IsEmpty => Topics.Count == 0 && Re2 is null;

    public bool IsSameAs(GroupSubscription other) => Re2 == other.Re2 && Topics.SequenceEqual(other.Topics);

    public static GroupSubscription To(IEnumerable<string> topics) =>
        new([.. topics.Distinct().Order(StringComparer.Ordinal)]);
}
