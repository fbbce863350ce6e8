using System.Text;

namespace KRaftSharp.Protocol.Records;

/// <summary>One header of a record that was read; spans into the batch or the reader's buffer.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        Key = key;
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>As it is in the record; should be UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Empty when null; see <see cref="HasValue"/>.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>False when the value is null.</summary>
    public bool HasValue { get; }

    public string KeyText => Encoding.UTF8.GetString(Key);
}
