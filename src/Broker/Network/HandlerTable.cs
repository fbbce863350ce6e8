using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// What one kind of listener serves. ApiVersions is answered from it: what is advertised is what is served.
/// </summary>
public sealed class HandlerTable(ListenerKind kind)
{
    private readonly SortedDictionary<short, HandlerEntry> _entries = [];

    public ListenerKind Kind => kind;

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyCollection<HandlerEntry> Entries => _entries.Values;

    /// <summary>Serves <paramref name="key"/> at all its stable versions.</summary>
    public HandlerTable Add(ApiKey key, IRequestHandler handler, bool mayOverlap = false, bool isOffered = true)
    {
        ApiInfo info = ApiTable.Get(key) ?? throw new ArgumentException($"There is no API {key}", nameof(key));
        return Add(new HandlerEntry(key, info.LowestVersion, info.HighestVersion, handler, mayOverlap)
        {
            IsOffered = isOffered,
        });
    }

    /// <summary>Serves all of <paramref name="keys"/> with one handler.</summary>
    public HandlerTable Add(IEnumerable<ApiKey> keys, IRequestHandler handler)
    {
        foreach (ApiKey key in keys)
        {
            Add(key, handler);
        }

        return this;
    }

    public HandlerTable Add(HandlerEntry entry)
    {
        _entries.Add((short)entry.Key, entry);
        return this;
    }

    public HandlerEntry? Find(short key) => _entries.GetValueOrDefault(key);
}
