namespace KRaftSharp.Protocol.Records;

/// <summary>One record that was read. Its spans are valid until the reader moves on or is disposed.</summary>
public readonly ref struct RecordView
{
    internal ReadOnlySpan<byte> KeyBytes { get; init; }

    internal ReadOnlySpan<byte> ValueBytes { get; init; }

    internal int KeyLength { get; init; }

    internal int ValueLength { get; init; }

    public long Offset { get; init; }

    /// <summary>Milliseconds since the epoch; the batch's max timestamp when the leader set it.</summary>
    public long Timestamp { get; init; }

    /// <summary>As stored: what is added to the batch's base timestamp.</summary>
    public long TimestampDelta { get; init; }

    /// <summary>The idempotent producer's sequence, or -1.</summary>
    public int Sequence { get; init; }

    /// <summary>Bytes the record takes uncompressed, its length prefix included.</summary>
    public int SizeInBytes { get; init; }

    /// <summary>The record's own attributes byte, unused so far.</summary>
    public byte Attributes { get; init; }

    public int HeaderCount { get; init; }

    /// <summary>The headers as stored, without their count; see <see cref="Headers"/>.</summary>
    public ReadOnlySpan<byte> HeaderBytes { get; init; }

    /// <summary>False when the key is null.</summary>
    public bool HasKey => KeyLength >= 0;

    /// <summary>False when the value is null: a tombstone in a compacted topic.</summary>
    public bool HasValue => ValueLength >= 0;

    /// <summary>Empty when null, and when the reader skips contents.</summary>
    public ReadOnlySpan<byte> Key => KeyBytes;

    /// <summary>Empty when null, and when the reader skips contents.</summary>
    public ReadOnlySpan<byte> Value => ValueBytes;

    public RecordHeaderEnumerator Headers => new(HeaderBytes, HeaderCount);
}
