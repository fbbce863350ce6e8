namespace KRaftSharp.Protocol.Records;

/// <summary>Walks a buffer of consecutive batches of format 2.</summary>
/// <remarks>
/// <code>
/// var batches = new RecordBatchEnumerator(buffer);
/// while (batches.MoveNext()) { use(batches.Current); }
/// if (batches.Fault != RecordFault.None) { refuse(); }
/// </code>
/// An incomplete last batch ends the walk silently; <see cref="BytesUsed"/> says how far it got.
/// </remarks>
public ref struct RecordBatchEnumerator
{
    private RecordBatchSplitter _splitter;

    public RecordBatchEnumerator(ReadOnlySpan<byte> buffer)
    {
        _splitter = new RecordBatchSplitter(buffer);
        Current = default;
    }

    /// <summary>The batch; valid after <see cref="MoveNext"/> returned true.</summary>
    public RecordBatchView Current { get; private set; }

    /// <summary>Where the current batch starts in the buffer.</summary>
    public readonly int Position => _splitter.Position;

    /// <summary>Bytes of the batches returned so far.</summary>
    public int BytesUsed { get; private set; }

    /// <summary>Why the walk stopped early; none when the buffer ended or only an incomplete batch is left.</summary>
    public RecordFault Fault { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RecordBatchEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (Fault != RecordFault.None)
        {
            return false;
        }

        if (!_splitter.MoveNext())
        {
            Fault = _splitter.Fault;
            return false;
        }

        if (_splitter.Magic != RecordBatchLayout.CurrentMagic)
        {
            Fault = RecordFault.UnsupportedMagic;
            return false;
        }

        if (!RecordBatchView.TryParse(_splitter.Current, out RecordBatchView view))
        {
            Fault = RecordFault.CorruptBatch;
            return false;
        }

        Current = view;
        BytesUsed = _splitter.BytesUsed;
        return true;
    }
}
