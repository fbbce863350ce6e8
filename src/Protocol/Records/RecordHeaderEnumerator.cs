namespace KRaftSharp.Protocol.Records;

/// <summary>Walks the headers of one record, whose structure the reader has checked.</summary>
public ref struct RecordHeaderEnumerator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _left;
    private int _at;

    internal RecordHeaderEnumerator(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _left = count;
        Current = default;
    }

    public RecordHeaderView Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RecordHeaderEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        RecordVarint.TryRead(_bytes, ref _at, out int keyLength);
        ReadOnlySpan<byte> key = _bytes.Slice(_at, keyLength);
        _at += keyLength;
        RecordVarint.TryRead(_bytes, ref _at, out int valueLength);
        ReadOnlySpan<byte> value = _bytes.Slice(_at, Math.Max(valueLength, 0));
        _at += value.Length;
        Current = new RecordHeaderView(key, value, valueLength >= 0);
        return true;
    }
}
