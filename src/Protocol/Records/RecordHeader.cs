using System.Text;

namespace KRaftSharp.Protocol.Records;

/// <summary>One header of a record to be written.</summary>
/// <param name="Key">UTF-8; may be empty, never null.</param>
/// <param name="Value">Any bytes, or null.</param>
public readonly record struct RecordHeader(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value)
{
    public RecordHeader(string key, ReadOnlyMemory<byte>? value)
        : this(Encoding.UTF8.GetBytes(key), value)
    {
    }
}
