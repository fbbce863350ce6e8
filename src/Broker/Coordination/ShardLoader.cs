using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Coordination;

/// <summary>Replays a partition's log into a state.</summary>
internal static class ShardLoader
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>False when <paramref name="isClosed"/> came true meanwhile, or the log could not be read.</summary>
    /// <param name="loadedTo">The offset behind the last record that was replayed.</param>
    public static bool TryLoad(
        PartitionLog log, CoordinatorKind kind, ICoordinatorState state, Func<bool> isClosed, out long loadedTo)
    {
        loadedTo = log.LogStartOffset;
        while (loadedTo < log.LogEndOffset)
        {
            if (isClosed())
            {
                return false;
            }

            using LogReadResult read = log.Read(loadedTo, ChunkBytes, long.MaxValue, minOneBatch: true);
            if (read.Error != ErrorCode.None)
            {
                if (read.Error != ErrorCode.OffsetOutOfRange || log.LogStartOffset <= loadedTo)
                {
                    return false;
                }

                loadedTo = log.LogStartOffset;
                continue;
            }

            long before = loadedTo;
            loadedTo = Replay(read.Records.Span, kind, state, loadedTo);
            if (loadedTo == before)
            {
                return false;
            }
        }

        return true;
    }

    private static long Replay(
        ReadOnlySpan<byte> records, CoordinatorKind kind, ICoordinatorState state, long from)
    {
        var batches = new RecordBatchEnumerator(records);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            if (batch.LastOffset < from)
            {
                continue;
            }

            Replay(batch, kind, state);
            from = batch.LastOffset + 1;
        }

        return from;
    }

    private static void Replay(RecordBatchView batch, CoordinatorKind kind, ICoordinatorState state)
    {
        ProducerStamp? producer = batch.IsTransactional
            ? new ProducerStamp(batch.ProducerId, batch.ProducerEpoch)
            : null;
        using var records = new RecordReader(batch);
        while (records.MoveNext())
        {
            RecordView record = records.Current;
            if (batch.IsControl)
            {
                if (producer is { } ended && ControlRecords.TryReadKey(record.Key, out ControlRecordType type)
                    && type is ControlRecordType.Commit or ControlRecordType.Abort)
                {
                    state.ReplayMarker(ended, type == ControlRecordType.Commit);
                }

                continue;
            }

            Replay(record, kind, state, producer);
        }
    }

    /// <summary>Records of types or versions that this program does not know are passed over, as Kafka does.</summary>
    private static void Replay(in RecordView record, CoordinatorKind kind, ICoordinatorState state,
        ProducerStamp? producer)
    {
        if (!record.HasKey || !CoordinatorRecordCodec.TryDecodeKey(
                kind, record.Key.ToArray(), out ICoordinatorRecord? key, out _))
        {
            return;
        }

        ICoordinatorRecord? value = null;
        if (record.HasValue && !CoordinatorRecordCodec.TryDecodeValue(
                kind, key!.RecordKey, record.Value.ToArray(), out value, out _, out _))
        {
            return;
        }

        state.Replay(record.Offset, key!, value, producer);
    }
}
