using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>One topic and its partitions.</summary>
public sealed record TopicImage(Uuid Id, string Name)
{
    public ImmutableSortedDictionary<int, PartitionRegistration> Partitions { get; init; } =
        ImmutableSortedDictionary<int, PartitionRegistration>.Empty;

    public bool Equals(TopicImage? other) => other is not null
        && (ReferenceEquals(this, other)
            || (Id == other.Id && Name == other.Name && ImageMaps.Same(Partitions, other.Partitions)));

    public override int GetHashCode() => Id.GetHashCode();

    internal TopicImage With(int partition, PartitionRegistration registration) =>
        this with { Partitions = Partitions.SetItem(partition, registration) };
}
