using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>Walks the records of consecutive batches from an offset up to another, passing over control batches and
/// aborted transactions.</summary>
public ref struct PartitionRecordEnumerator : IDisposable
{
    private readonly long _firstOffset;
    private readonly long _endOffset;
    private readonly bool _checkCrcs;
    private readonly AbortedRanges? _aborted;
    private RecordBatchEnumerator _batches;
    private RecordReader _records;
    private bool _isInBatch;

    internal PartitionRecordEnumerator(
        ReadOnlySpan<byte> batches, long firstOffset, long endOffset, bool checkCrcs, AbortedRanges? aborted)
    {
        _batches = new RecordBatchEnumerator(batches);
        _firstOffset = firstOffset;
        _endOffset = endOffset;
        _checkCrcs = checkCrcs;
        _aborted = aborted;
    }

    /// <summary>The record; its spans are valid until the next call.</summary>
    [UnscopedRef]
    public readonly ref readonly RecordView Current => ref _records.Current;

    /// <exception cref="KafkaException">The bytes are not what their checksum or format says.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            while (_isInBatch)
            {
                if (_records.MoveNext())
                {
                    long offset = _records.Current.Offset;
                    if (offset >= _endOffset)
                    {
                        return false;
                    }

                    if (offset >= _firstOffset)
                    {
                        return true;
                    }
                }
                else
                {
                    ThrowOn(_records.Fault);
                    _records.Dispose();
                    _isInBatch = false;
                }
            }

            if (!_batches.MoveNext())
            {
                ThrowOn(_batches.Fault);
                return false;
            }

            if (!TryEnter(_batches.Current))
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (_isInBatch)
        {
            _records.Dispose();
            _isInBatch = false;
        }
    }

    /// <summary>Goes into a batch, or passes over it.</summary>
    /// <returns>False when it and all that follow are beyond the end.</returns>
    private bool TryEnter(RecordBatchView batch)
    {
        if (batch.BaseOffset >= _endOffset)
        {
            return false;
        }

        if (_aborted?.Hides(batch) is true || batch.IsControl || batch.NextOffset <= _firstOffset)
        {
            return true;
        }

        ThrowOn(_checkCrcs && !batch.IsCrcValid() ? RecordFault.CorruptBatch : RecordFault.None);
        _records = new RecordReader(batch);
        _isInBatch = true;
        return true;
    }

    private readonly void ThrowOn(RecordFault fault)
    {
        if (fault != RecordFault.None)
        {
            throw new KafkaException(
                ErrorCode.CorruptMessage, $"a batch near offset {_firstOffset} cannot be read: {fault}");
        }
    }
}
