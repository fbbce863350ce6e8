using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Quotas;

/// <summary>The quotas of one key, such as producer_byte_rate, and which of them is a client's. Immutable.</summary>
public sealed class QuotaTable
{
    private const string UserType = "user";
    private const string ClientType = "client-id";
    private const string IpType = "ip";

    // A name, "" for the default of its type, null where the entity has no such part. Names are never empty.
    private readonly Dictionary<(string? User, string? ClientId), double> _bounds = [];
    private readonly Dictionary<string, double> _addresses = new(StringComparer.Ordinal);

    private QuotaTable()
    {
    }

    public static QuotaTable Empty { get; } = new();

    /// <summary>True when nobody has a quota of this key.</summary>
    public bool IsEmpty => _bounds.Count + _addresses.Count == 0;

    public static QuotaTable From(ClientQuotasImage quotas, string key)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        QuotaTable table = new();
        foreach ((QuotaKey quota, double bound) in quotas.Quotas)
        {
            if (quota.Key == key)
            {
                table.Add(quota, bound);
            }
        }

        return table.IsEmpty ? Empty : table;
    }

    /// <summary>
    /// The most specific quota: of the user with the client id, of the user, of the client id; of each the named one
    /// before the default. Null where there is none.
    /// </summary>
    public QuotaMatch? Find(string user, string clientId)
    {
        // The two parts with their defaults, then a part that does not count, as null.
        ReadOnlySpan<(string? User, string? ClientId)> order =
        [
            (user, clientId), (user, ""), (user, null), ("", clientId), ("", ""), ("", null), (null, clientId),
            (null, ""),
        ];
        foreach ((string? User, string? ClientId) entity in order)
        {
            if (_bounds.TryGetValue(entity, out double bound))
            {
                return new QuotaMatch(bound, new QuotaBucket(
                    entity.User is null ? "" : user, entity.ClientId is null ? "" : clientId));
            }
        }

        return null;
    }

    /// <summary>The quota of an address, or of all addresses each; null where there is none.</summary>
    public double? FindAddress(string address) =>
        _addresses.TryGetValue(address, out double bound) || _addresses.TryGetValue("", out bound) ? bound : null;

    private void Add(QuotaKey quota, double bound)
    {
        string? user = null;
        string? clientId = null;
        foreach ((string type, string? name) in quota.Entity)
        {
            switch (type)
            {
                case UserType:
                    user = name ?? "";
                    break;
                case ClientType:
                    clientId = name ?? "";
                    break;
                case IpType:
                    _addresses[name ?? ""] = bound;
                    return;
            }
        }

        _bounds[(user, clientId)] = bound;
    }
}
