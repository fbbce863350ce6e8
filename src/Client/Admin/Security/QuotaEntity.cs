namespace KRaftSharp.Client.Admin;

/// <summary>Whom a quota is for: a user, a client id, both, or an address. Equal when its parts are.</summary>
public sealed class QuotaEntity : IEquatable<QuotaEntity>
{
    public const string User = "user";
    public const string ClientId = "client-id";
    public const string Ip = "ip";

    private readonly SortedDictionary<string, string?> _parts;

    /// <param name="parts">Type and name; a null name is everyone without a quota of their own.</param>
    public QuotaEntity(IEnumerable<KeyValuePair<string, string?>> parts)
    {
        _parts = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string type, string? name) in parts)
        {
            _parts.Add(type, name);
        }
    }

    /// <summary>By type.</summary>
    public IReadOnlyDictionary<string, string?> Parts => _parts;

    public bool Equals(QuotaEntity? other) => other is not null && _parts.SequenceEqual(other._parts);

    public override bool Equals(object? obj) => Equals(obj as QuotaEntity);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach ((string type, string? name) in _parts)
        {
            hash.Add(type);
            hash.Add(name);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(
        ", ", _parts.Select(part => $"{part.Key} {part.Value ?? "(default)"}"));
}
