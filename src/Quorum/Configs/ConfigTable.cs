using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of one kind of resource, by name and in the order of names.</summary>
public sealed class ConfigTable
{
    private readonly FrozenDictionary<string, ConfigKey> _byName;

    public ConfigTable(IEnumerable<ConfigKey> keys)
    {
        All = [.. keys.OrderBy(key => key.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<ConfigKey> All { get; }

    public ConfigKey this[string name] => _byName[name];

    public bool TryGet(string name, [NotNullWhen(true)] out ConfigKey? key) => _byName.TryGetValue(name, out key);
}
