using KRaftSharp.Log.Segments;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Reads the dirty part of a log into the map, until its end or until the map is full.</summary>
internal sealed class MapBuilder : IDisposable
{
    private readonly KeyOffsetMap _map;
    private readonly CleaningPlan _plan;
    private readonly CleanedTransactions _transactions = new();
    private readonly Dictionary<long, long> _lastOffsets = [];
    private readonly Queue<LogSegment> _segments;
    private readonly int _bufferBytes;
    private readonly long _start;
    private SegmentBatches? _batches;
    private LogSegment? _segment;
    private long _bytesOfDone;

    public MapBuilder(KeyOffsetMap map, CleaningPlan plan, int bufferBytes)
    {
        _map = map;
        _plan = plan;
        _bufferBytes = bufferBytes;
        _start = plan.Range.FirstDirtyOffset;
        _segments = new Queue<LogSegment>(plan.Segments.Where(segment => plan.EndOf(segment) > _start));
        _transactions.Add(plan.AbortedBetween(_start, plan.Range.FirstUncleanableOffset));
    }

    public long BytesRead => _bytesOfDone + (_batches?.BytesRead ?? 0);

    /// <summary>One slice of work; false when it was the last.</summary>
    /// <exception cref="UncleanableLogException">There are bad records.</exception>
    public bool Step()
    {
        if (_batches is null && !OpenNext())
        {
            return false;
        }

        long until = _batches!.BytesRead + _bufferBytes;
        while (_batches.MoveNext())
        {
            if (!Add(_batches.Current))
            {
                return false;
            }

            if (_batches.BytesRead >= until)
            {
                return true;
            }
        }

        if (_batches.IsCorrupt)
        {
            throw new UncleanableLogException($"The segment at offset {_segment!.BaseOffset} has a bad batch");
        }

        _map.AdvanceTo(_plan.EndOf(_segment!) - 1);
        Close();
        return _segments.Count > 0;
    }

    /// <summary>The producers, each with its last batch among those that are cleaned, when that was followed by
    /// others: those may yet be cut off.</summary>
    public IReadOnlyDictionary<long, LastRecord> LastRecords()
    {
        Dictionary<long, LastRecord> records = [];
        foreach ((long producerId, LastRecord last) in _plan.Producers)
        {
            records[producerId] = last.DataOffset < _plan.Range.FirstUncleanableOffset
                ? last
                : last with { DataOffset = _lastOffsets.GetValueOrDefault(producerId, LastRecord.Any) };
        }

        return records;
    }

    public void Dispose() => Close();

    private bool OpenNext()
    {
        if (!_segments.TryDequeue(out _segment))
        {
            return false;
        }

        int size = _segment.SizeBytes;
        int position = 0;
        if (_start > _segment.BaseOffset
            && !SegmentReader.TryFindBatch(_segment, _start, size, out position, out _))
        {
            position = size;
        }

        _batches = new SegmentBatches(_segment.File, position, size, _bufferBytes);
        return true;
    }

    /// <summary>False when the map is full.</summary>
    private bool Add(RecordBatchView batch)
    {
        bool isDispensable = _transactions.IsDispensable(batch);
        if (!batch.IsControl && !isDispensable)
        {
            using var records = new RecordReader(batch);
            while (records.MoveNext())
            {
                if (records.Current.HasKey && records.Current.Offset >= _start)
                {
                    if (_map.IsFull)
                    {
                        return false;
                    }

                    _map.Put(records.Current.Key, records.Current.Offset);
                }
            }

            UncleanableLogException.ThrowIf(records.Fault, batch.BaseOffset);
        }

        if (batch.HasProducerId && !batch.IsControl && _plan.Producers.ContainsKey(batch.ProducerId))
        {
            _lastOffsets[batch.ProducerId] = batch.LastOffset;
        }

        if (batch.LastOffset >= _start)
        {
            _map.AdvanceTo(batch.LastOffset);
        }

        return true;
    }

    private void Close()
    {
        _bytesOfDone += _batches?.BytesRead ?? 0;
        _batches?.Dispose();
        _batches = null;
    }
}
