using System.Collections;

namespace KRaftSharp.Protocol;

/// <summary>Raw tagged fields of one struct, in rising order of their tags, each tag once.</summary>
public sealed class TaggedFields : IReadOnlyList<TaggedField>
{
    private readonly List<TaggedField> _fields = [];

    public int Count => _fields.Count;

    public TaggedField this[int index] => _fields[index];

    public static int CountOf(TaggedFields? fields) => fields?.Count ?? 0;

    /// <summary>Puts a field in its place; one that is there with the same tag is replaced.</summary>
    public void Add(int tag, ReadOnlyMemory<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tag);
        var field = new TaggedField(tag, data);
        if (_fields.Count == 0 || _fields[^1].Tag < tag)
        {
            _fields.Add(field);
            return;
        }

        int at = _fields.FindIndex(other => other.Tag >= tag);
        if (_fields[at].Tag == tag)
        {
            _fields[at] = field;
        }
        else
        {
            _fields.Insert(at, field);
        }
    }

    public IEnumerator<TaggedField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
