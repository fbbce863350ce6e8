using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>Adds up the bytes that a <see cref="WireWriter"/> will take for the same calls.</summary>
/// <param name="gatherThreshold">Byte fields of this size and more are counted apart, as a gathering writer leaves
/// them out; 0 counts everything together.</param>
public struct WireSizer(int gatherThreshold = 0)
{
    private readonly int _gatherThreshold = gatherThreshold;

    /// <summary>All bytes.</summary>
    public int Total { get; private set; }

    /// <summary>Bytes of the fields that are left out of the writer's own span.</summary>
    public int Gathered { get; private set; }

    public void Add(int bytes) => Total = checked(Total + bytes);

    public void AddUnsignedVarint(uint value) => Add(WireVarint.SizeOf(value));

    public void AddString(string? value, bool compact)
    {
        int length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        Add((compact ? WireVarint.SizeOf((uint)(length + 1)) : sizeof(short)) + Math.Max(length, 0));
    }

    public void AddBytes(ReadOnlyMemory<byte>? value, bool compact)
    {
        int length = value is { } bytes ? bytes.Length : -1;
        Add((compact ? WireVarint.SizeOf((uint)(length + 1)) : sizeof(int)) + Math.Max(length, 0));
    }

    /// <summary>Like <see cref="AddBytes"/>, for fields that may be gathered.</summary>
    public void AddRecords(ReadOnlyMemory<byte>? value, bool compact)
    {
        AddBytes(value, compact);
        if (_gatherThreshold > 0 && value is { } bytes && bytes.Length >= _gatherThreshold)
        {
            Gathered += bytes.Length;
        }
    }

    /// <summary>The length in front of an array; -1 for null.</summary>
    public void AddArrayLength(int count, bool compact) =>
        Add(compact ? WireVarint.SizeOf((uint)(count + 1)) : sizeof(int));

    /// <summary>Tag and size in front of a tagged field's value, and the value.</summary>
    public void AddTag(int tag, int valueBytes) =>
        Add(WireVarint.SizeOf((uint)tag) + WireVarint.SizeOf((uint)valueBytes) + valueBytes);

    /// <summary>The fields of <paramref name="unknown"/> and, in front, the number of all tagged fields.</summary>
    public void AddTags(TaggedFields? unknown, int knownCount = 0)
    {
        Add(WireVarint.SizeOf((uint)(knownCount + TaggedFields.CountOf(unknown))));
        for (int i = 0; i < TaggedFields.CountOf(unknown); i++)
        {
            AddTag(unknown![i].Tag, unknown[i].Data.Length);
        }
    }
}
