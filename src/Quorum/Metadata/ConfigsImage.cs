using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The configs set dynamically, by resource; what is not set has its default.</summary>
public sealed record ConfigsImage
{
    public static ConfigsImage Empty { get; } = new();

    private static readonly ImmutableSortedDictionary<string, string> None =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Only resources that have a config.</summary>
    public ImmutableSortedDictionary<ConfigResource, ConfigSet> Resources { get; init; } =
        ImmutableSortedDictionary<ConfigResource, ConfigSet>.Empty;

    /// <summary>What is set for a resource, in the order of keys; empty when nothing is.</summary>
    public ImmutableSortedDictionary<string, string> For(ConfigResource resource) =>
        Resources.TryGetValue(resource, out ConfigSet? configs) ? configs.Values : None;

    public bool Equals(ConfigsImage? other) => other is not null && ImageMaps.Same(Resources, other.Resources);

    public override int GetHashCode() => Resources.Count;

    internal ConfigsImage With(ConfigResource resource, string key, string? value)
    {
        ImmutableSortedDictionary<string, string> values = For(resource);
        values = value is null ? values.Remove(key) : values.SetItem(key, value);
        return new ConfigsImage
        {
            Resources = values.IsEmpty ? Resources.Remove(resource) : Resources.SetItem(resource, new(values)),
        };
    }

    internal ConfigsImage Without(ConfigResource resource) => new() { Resources = Resources.Remove(resource) };
}
