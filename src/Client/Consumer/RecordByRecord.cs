using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>Hands out one poll's records singly, keeping positions to what was handed out. Owned by the polling
/// caller.</summary>
internal sealed class RecordByRecord
{
    private readonly IReadOnlyList<PartitionRecords> _partitions;
    private readonly Queue<ConsumerRecord> _records = [];
    private KafkaException? _failure;
    private int _next;

    public RecordByRecord(FetchedRecords fetched)
    {
        _partitions = fetched.Partitions;
        foreach (PartitionRecords partition in _partitions)
        {
            Place(partition, partition.FirstOffset);
        }
    }

    /// <summary>The next record; null when there are no more.</summary>
    /// <exception cref="KafkaException">It cannot be read; the position stays at it.</exception>
    public ConsumerRecord? Next()
    {
        while (true)
        {
            if (_records.TryDequeue(out ConsumerRecord? record))
            {
                if (Place(_partitions[_next - 1], record.Offset + 1))
                {
                    return record;
                }

                _records.Clear(); // somebody sought: the rest is of no use
                continue;
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            if (_next > 0)
            {
                Place(_partitions[_next - 1], _partitions[_next - 1].NextOffset);
            }

            if (_next == _partitions.Count)
            {
                return null;
            }

            Open(_partitions[_next++]);
        }
    }

    /// <summary>What was not handed out is read again by the next poll.</summary>
    public void TakeBackTheRest()
    {
        foreach (PartitionRecords partition in _partitions)
        {
            PartitionState state = partition.Part.State;
            if (state.Version == partition.Part.Version && state.Position < partition.NextOffset)
            {
                state.Rewind();
            }
        }
    }

    private static bool Place(PartitionRecords partition, long position)
    {
        PartitionState state = partition.Part.State;
        if (state.Version != partition.Part.Version)
        {
            return false;
        }

        state.HandedOut(position, partition.LastEpoch);
        return true;
    }

    private void Open(PartitionRecords partition)
    {
        try
        {
            foreach (RecordView record in partition)
            {
                _records.Enqueue(new ConsumerRecord(partition.Partition, record, partition.LastEpoch));
            }
        }
        catch (KafkaException failure)
        {
            _failure = failure; // after what could be read
        }
    }
}
