using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>Walks the records of consecutive batches from an offset on, passing over control batches.</summary>
public ref struct PartitionRecordEnumerator : IDisposable
{
    private readonly long _firstOffset;
    private readonly bool _checkCrcs;
    private RecordBatchEnumerator _batches;
    private RecordReader _records;
    private bool _isInBatch;

    internal PartitionRecordEnumerator(ReadOnlySpan<byte> batches, long firstOffset, bool checkCrcs)
    {
        _batches = new RecordBatchEnumerator(batches);
        _firstOffset = firstOffset;
        _checkCrcs = checkCrcs;
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
                    if (_records.Current.Offset >= _firstOffset)
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

            RecordBatchView batch = _batches.Current;
            if (batch.IsControl || batch.NextOffset <= _firstOffset)
            {
                continue;
            }

            ThrowOn(_checkCrcs && !batch.IsCrcValid() ? RecordFault.CorruptBatch : RecordFault.None);
            _records = new RecordReader(batch);
            _isInBatch = true;
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

    private readonly void ThrowOn(RecordFault fault)
    {
        if (fault != RecordFault.None)
        {
            throw new KafkaException(
                ErrorCode.CorruptMessage, $"a batch near offset {_firstOffset} cannot be read: {fault}");
        }
    }
}
