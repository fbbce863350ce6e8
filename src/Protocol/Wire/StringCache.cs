using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>The strings that one connection sends again and again (topic names, client ids), so that each is made
/// once. Not thread-safe; one owner.</summary>
public sealed class StringCache
{
    private const int Slots = 256;
    private const int LongestBytes = 256;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The string of these bytes; only short ASCII is kept.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref string? slot = ref _slots[SlotOf(utf8)];
        if (slot is { } known && known.Length == utf8.Length && Ascii.Equals(utf8, known))
        {
            return known;
        }

        string text = Encoding.UTF8.GetString(utf8);
        if (Ascii.IsValid(utf8))
        {
            slot = text;
        }

        return text;
    }

    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        uint hash = (uint)utf8.Length;
        foreach (byte next in utf8)
        {
            hash = (hash * 31) + next;
        }

        return (int)((hash ^ (hash >> 8) ^ (hash >> 16)) % Slots);
    }
}
