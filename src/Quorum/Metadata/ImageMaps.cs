using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Equality by content for the trees and arrays that images are made of.</summary>
internal static class ImageMaps
{
    public static bool Same<TKey, TValue>(
        ImmutableSortedDictionary<TKey, TValue> left, ImmutableSortedDictionary<TKey, TValue> right)
        where TKey : notnull
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left.Count != right.Count)
        {
            return false;
        }

        using var a = left.GetEnumerator();
        using var b = right.GetEnumerator();
        while (a.MoveNext() && b.MoveNext())
        {
            if (!EqualityComparer<TKey>.Default.Equals(a.Current.Key, b.Current.Key)
                || !EqualityComparer<TValue>.Default.Equals(a.Current.Value, b.Current.Value))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Same<T>(T[] left, T[] right) => left.AsSpan().SequenceEqual(right);
}
