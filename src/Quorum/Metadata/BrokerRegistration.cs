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

    /// <summary>Whether new replicas may go to it: not while all of its directories are cordoned (KIP-1066).</summary>
    public bool TakesReplicas => CordonedDirectories is not { Length: > 0 } cordoned || Directories.Length == 0
        || !Directories.All(cordoned.Contains);

    /// <summary>Whether what lies in this directory of the broker can be reached; unless it failed, it can.</summary>
    public bool IsOnline(Uuid directory) => directory != DirectoryIds.Lost
        && (DirectoryIds.IsReserved(directory) || Directories.Length == 0 || Directories.Contains(directory));

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
