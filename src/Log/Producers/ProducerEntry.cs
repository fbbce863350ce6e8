using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Producers;

/// <summary>What a log knows of one producer id: its epoch, last batches and open transaction.</summary>
internal sealed class ProducerEntry(long producerId)
{
    /// <summary>How many batches a producer may have in flight, and so may send again.</summary>
    public const int KeptBatches = 5;

    private readonly ProducerBatch[] _batches = new ProducerBatch[KeptBatches];
    private int _count;
    private int _newest = -1;

    public long ProducerId => producerId;

    public short Epoch { get; private set; } = RecordBatchLayout.NoProducerEpoch;

    public int CoordinatorEpoch { get; set; } = -1;

    public long LastTimestampMs { get; set; } = RecordBatchLayout.NoTimestamp;

    /// <summary>-1 when no transaction is open.</summary>
    public long CurrentTxnFirstOffset { get; set; } = -1;

    public int BatchCount => _count;

    public ProducerBatch? LastBatch => _count == 0 ? null : _batches[_newest];

    public int LastSequence => _count == 0 ? RecordBatchLayout.NoSequence : _batches[_newest].LastSequence;

    /// <summary>Another epoch starts without batches.</summary>
    public void SetEpoch(short epoch)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _count = 0;
            _newest = -1;
        }
    }

    public void Add(in ProducerBatch batch)
    {
        _newest = (_newest + 1) % KeptBatches;
        _batches[_newest] = batch;
        _count = Math.Min(_count + 1, KeptBatches);
        LastTimestampMs = batch.TimestampMs;
    }

    /// <summary>The kept batch with exactly these sequences.</summary>
    public ProducerBatch? Find(short epoch, int firstSequence, int lastSequence)
    {
        if (epoch != Epoch)
        {
            return null;
        }

        for (int age = 0; age < _count; age++)
        {
            ref readonly ProducerBatch batch = ref _batches[(_newest - age + KeptBatches) % KeptBatches];
            if (batch.LastSequence == lastSequence && batch.FirstSequence == firstSequence)
            {
                return batch;
            }
        }

        return null;
    }

    /// <summary>The kept batch of an age; 0 is the newest.</summary>
    public ProducerBatch BatchOfAge(int age) => _batches[(_newest - age + KeptBatches) % KeptBatches];
}
