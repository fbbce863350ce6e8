using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>All topics, by id and by name.</summary>
public sealed record TopicsImage
{
    public static TopicsImage Empty { get; } = new();

    /// <summary>Topics by id, in the order of ids.</summary>
    /// <remarks>Values by reference: else putting in a topic with one changed partition compares them all.</remarks>
    public ImmutableSortedDictionary<Uuid, TopicImage> ById { get; init; } =
        ImmutableSortedDictionary.Create<Uuid, TopicImage>(null, ReferenceEqualityComparer.Instance);

    /// <summary>Ids by name, in the order of names.</summary>
    public ImmutableSortedDictionary<string, Uuid> ByName { get; init; } =
        ImmutableSortedDictionary.Create<string, Uuid>(StringComparer.Ordinal);

    /// <summary>
    /// Names with a dot or an underscore, by their form with underscores only: two of the same form would collide in
    /// the names of metrics. Kept so that a new name need not be compared with all.
    /// </summary>
    private ImmutableSortedDictionary<string, string> ByUnifiedName { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public int Count => ById.Count;

    /// <summary>All topics in the order of their names.</summary>
    public IEnumerable<TopicImage> InNameOrder => ByName.Values.Select(id => ById[id]);

    public bool TryGet(string name, [NotNullWhen(true)] out TopicImage? topic)
    {
        topic = null;
        return ByName.TryGetValue(name, out Uuid id) && ById.TryGetValue(id, out topic);
    }

    public bool TryGet(Uuid id, [NotNullWhen(true)] out TopicImage? topic) => ById.TryGetValue(id, out topic);

    /// <summary>The partition, or null when the topic or the partition does not exist.</summary>
    public PartitionRegistration? Partition(string topicName, int partition) =>
        TryGet(topicName, out TopicImage? topic) ? topic.Partitions.GetValueOrDefault(partition) : null;

    /// <inheritdoc cref="Partition(string, int)"/>
    public PartitionRegistration? Partition(Uuid topicId, int partition) =>
        TryGet(topicId, out TopicImage? topic) ? topic.Partitions.GetValueOrDefault(partition) : null;

    public bool Equals(TopicsImage? other) => other is not null
        && ImageMaps.Same(ById, other.ById) && ImageMaps.Same(ByName, other.ByName);

    public override int GetHashCode() => ById.Count;

    /// <summary>The topic that a topic of this name would collide with in the names of metrics, or null.</summary>
    public string? CollidesWith(string name) =>
        MayCollide(name) ? ByUnifiedName.GetValueOrDefault(Unify(name)) : null;

    internal TopicsImage With(TopicImage topic)
    {
        if (ById.TryGetValue(topic.Id, out TopicImage? old) && old.Name == topic.Name)
        {
            return this with { ById = ById.SetItem(topic.Id, topic) };
        }

        return new()
        {
            ById = ById.SetItem(topic.Id, topic),
            ByName = ByName.SetItem(topic.Name, topic.Id),
            ByUnifiedName = MayCollide(topic.Name)
                ? ByUnifiedName.SetItem(Unify(topic.Name), topic.Name)
                : ByUnifiedName,
        };
    }

    internal TopicsImage Without(TopicImage topic) => new()
    {
        ById = ById.Remove(topic.Id),
        ByName = ByName.Remove(topic.Name),
        ByUnifiedName = CollidesWith(topic.Name) == topic.Name
            ? ByUnifiedName.Remove(Unify(topic.Name))
            : ByUnifiedName,
    };

    private static bool MayCollide(string name) => name.AsSpan().ContainsAny('.', '_');

    private static string Unify(string name) => name.Replace('.', '_');
}
