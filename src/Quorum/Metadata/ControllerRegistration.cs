using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>A registered controller (KIP-919).</summary>
public sealed record ControllerRegistration
{
    public required int Id { get; init; }

    public required Uuid IncarnationId { get; init; }

    public bool ZkMigrationReady { get; init; }

    public ImmutableSortedDictionary<string, ListenerEndpoint> Listeners { get; init; } =
        ImmutableSortedDictionary.Create<string, ListenerEndpoint>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, VersionRange> Features { get; init; } =
        ImmutableSortedDictionary.Create<string, VersionRange>(StringComparer.Ordinal);

    public bool Equals(ControllerRegistration? other) => other is not null
        && Id == other.Id && IncarnationId == other.IncarnationId && ZkMigrationReady == other.ZkMigrationReady
        && ImageMaps.Same(Listeners, other.Listeners) && ImageMaps.Same(Features, other.Features);

    public override int GetHashCode() => HashCode.Combine(Id, IncarnationId);
}
