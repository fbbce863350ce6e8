using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>A registered broker.</summary>
/// <remarks>Arrays are never changed once they are in a registration.</remarks>
public sealed record BrokerRegistration
{
    public required int Id { get; init; }

    /// <summary>The offset at which this incarnation was registered; requests with another one are refused.</summary>
    public required long Epoch { get; init; }

    /// <summary>New at each start of the process.</summary>
    public required Uuid IncarnationId { get; init; }

    public ImmutableSortedDictionary<string, ListenerEndpoint> Listeners { get; init; } =
        ImmutableSortedDictionary.Create<string, ListenerEndpoint>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, VersionRange> Features { get; init; } =
        ImmutableSortedDictionary.Create<string, VersionRange>(StringComparer.Ordinal);

    public string? Rack { get; init; }

    public bool IsFenced { get; init; } = true;

    public bool InControlledShutdown { get; init; }

    /// <summary>Sorted ids of the log directories that are online.</summary>
    public Uuid[] Directories { get; init; } = [];

    /// <summary>Directories that get no new replicas; null when that is not known.</summary>
    public Uuid[]? CordonedDirectories { get; init; }

    public bool IsMigratingZkBroker { get; init; }

    public bool IsActive => !IsFenced && !InControlledShutdown;

    public bool Equals(BrokerRegistration? other) => other is not null
        && Id == other.Id && Epoch == other.Epoch && IncarnationId == other.IncarnationId && Rack == other.Rack
        && IsFenced == other.IsFenced && InControlledShutdown == other.InControlledShutdown
        && IsMigratingZkBroker == other.IsMigratingZkBroker
        && ImageMaps.Same(Listeners, other.Listeners) && ImageMaps.Same(Features, other.Features)
        && ImageMaps.Same(Directories, other.Directories)
        && CordonedDirectories is null == other.CordonedDirectories is null
        && ImageMaps.Same(CordonedDirectories ?? [], other.CordonedDirectories ?? []);

    public override int GetHashCode() => HashCode.Combine(Id, Epoch, IncarnationId, IsFenced);
}
