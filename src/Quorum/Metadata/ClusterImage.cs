using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The registered brokers and controllers.</summary>
public sealed record ClusterImage
{
    public static ClusterImage Empty { get; } = new();

    public ImmutableSortedDictionary<int, BrokerRegistration> Brokers { get; init; } =
        ImmutableSortedDictionary<int, BrokerRegistration>.Empty;

    public ImmutableSortedDictionary<int, ControllerRegistration> Controllers { get; init; } =
        ImmutableSortedDictionary<int, ControllerRegistration>.Empty;

    /// <summary>The broker with this id, or null.</summary>
    public BrokerRegistration? Broker(int id) => Brokers.GetValueOrDefault(id);

    /// <summary>True for a broker that may lead and be in an ISR: registered, unfenced and not shutting down.</summary>
    public bool IsActive(int brokerId) =>
        Brokers.TryGetValue(brokerId, out BrokerRegistration? broker) && broker.IsActive;

    public bool Equals(ClusterImage? other) => other is not null
        && ImageMaps.Same(Brokers, other.Brokers) && ImageMaps.Same(Controllers, other.Controllers);

    public override int GetHashCode() => HashCode.Combine(Brokers.Count, Controllers.Count);
}
