using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>A quota of an entity; a null name in the entity is the default of its type.</summary>
/// <param name="Entity">Entity type and name, sorted by type.</param>
public sealed record QuotaKey(ImmutableArray<KeyValuePair<string, string?>> Entity, string Key)
    : IComparable<QuotaKey>
{
    public bool Equals(QuotaKey? other) => other is not null && CompareTo(other) == 0;

    public override int GetHashCode() => HashCode.Combine(Key, Entity.Length);

    public int CompareTo(QuotaKey? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (int i = 0; i < Entity.Length && i < other.Entity.Length; i++)
        {
            int byPart = string.CompareOrdinal(Entity[i].Key, other.Entity[i].Key);
            byPart = byPart != 0 ? byPart : string.CompareOrdinal(Entity[i].Value, other.Entity[i].Value);
            if (byPart != 0)
            {
                return byPart;
            }
        }

        int byLength = Entity.Length.CompareTo(other.Entity.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(Key, other.Key);
    }

    public static bool operator <(QuotaKey left, QuotaKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(QuotaKey left, QuotaKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(QuotaKey left, QuotaKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(QuotaKey left, QuotaKey right) => left.CompareTo(right) >= 0;
}
