namespace KRaftSharp.Client.Producer;

/// <summary>The batches of one partition that are to be sent, oldest first, and the sender's notes about
/// them.</summary>
internal sealed class PartitionQueue(TopicPartition partition)
{
    private readonly LinkedList<ProducerBatch> _waiting = [];
    private long _nextOrder;
    private int _count;

    public TopicPartition Partition => partition;

    /// <summary>Guards the waiting batches and their records. Nothing is locked, awaited or called under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Batches waiting; any thread may read.</summary>
    public int Count => Volatile.Read(ref _count);

    // ---- the sender's own ----

    /// <summary>Taken and not ended, by order: on the wire or back in the queue.</summary>
    public List<ProducerBatch> Unacknowledged { get; } = [];

    /// <summary>Whom the sequences belong to.</summary>
    public ProducerIdentity Identity { get; set; } = ProducerIdentity.None;

    public int NextSequence { get; set; }

    /// <summary>The broker's idea of the sequences is lost: they begin anew under the next epoch.</summary>
    public bool NeedsNewEpoch { get; set; }

    // ---- under the gate ----

    /// <summary>The oldest that waits.</summary>
    public ProducerBatch? First => _waiting.First?.Value;

    public ProducerBatch? Last => _waiting.Last?.Value;

    public long NextOrder() => _nextOrder++;

    public void Add(ProducerBatch batch)
    {
        Open.Add(batch);
        _waiting.AddLast(batch);
        Volatile.Write(ref _count, _waiting.Count);
    }

    public ProducerBatch TakeFirst()
    {
        ProducerBatch first = _waiting.First!.Value;
        first.IsSealed = true;
        _waiting.RemoveFirst();
        Volatile.Write(ref _count, _waiting.Count);
        return first;
    }

    /// <summary>Puts a batch that was taken back where its order wants it.</summary>
    public void PutBack(ProducerBatch batch)
    {
        LinkedListNode<ProducerBatch>? next = _waiting.First;
        while (next is not null && next.Value.Order < batch.Order)
        {
            next = next.Next;
        }

        if (next is null)
        {
            _waiting.AddLast(batch);
        }
        else
        {
            _waiting.AddBefore(next, batch);
        }

        Volatile.Write(ref _count, _waiting.Count);
    }

    /// <summary>Every batch that has not ended, waiting or taken.</summary>
    public List<ProducerBatch> Open { get; } = [];
}
