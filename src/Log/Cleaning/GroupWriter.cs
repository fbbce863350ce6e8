using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Writes one group of segments anew, as one.</summary>
internal sealed class GroupWriter : IDisposable
{
    private readonly CleaningPlan _plan;
    private readonly LogSegment[] _group;
    private readonly CleaningRound _round;
    private readonly BatchFilter _filter;
    private readonly CleanedSegment _cleaned;
    private readonly int _bufferBytes;
    private SegmentBatches? _batches;
    private long _bytesOfDone;
    private int _next;

    public GroupWriter(
        CleaningPlan plan, LogSegment[] group, CleaningRound round, BatchFilter filter, int bufferBytes)
    {
        _plan = plan;
        _group = group;
        _round = round;
        _filter = filter;
        _bufferBytes = bufferBytes;
        _cleaned = plan.Log.NewCleanedSegment(group[0].BaseOffset, group[^1].CreatedMs, bufferBytes);
        round.Transactions.Kept = _cleaned.Keep;
    }

    public long BytesRead => _bytesOfDone + (_batches?.BytesRead ?? 0);

    public long BytesWritten => _cleaned.SizeBytes;

    /// <summary>One slice of work; false when it was the last.</summary>
    /// <exception cref="UncleanableLogException">There are bad records.</exception>
    public bool Step()
    {
        _batches ??= OpenNext();
        long until = _batches.BytesRead + _bufferBytes;
        while (_batches.MoveNext())
        {
            ReadOnlySpan<byte> bytes = _filter.Filter(_batches.Current);
            if (!bytes.IsEmpty)
            {
                _cleaned.Append(bytes);
            }

            if (_batches.BytesRead >= until)
            {
                return true;
            }
        }

        if (_batches.IsCorrupt)
        {
            throw new UncleanableLogException(
                $"The segment at offset {_group[_next - 1].BaseOffset} has a bad batch");
        }

        Close();
        return _next < _group.Length;
    }

    public Task FinishAsync() => _cleaned.FinishAsync();

    /// <summary>On the owner's strand. False when the log has changed meanwhile.</summary>
    public bool Replace(int truncations)
    {
        if (!_plan.Log.ReplaceSegments(_cleaned.Segment, _group, truncations))
        {
            return false;
        }

        _cleaned.TakenOver();
        return true;
    }

    public void Dispose()
    {
        Close();
        _cleaned.Dispose();
    }

    private SegmentBatches OpenNext()
    {
        LogSegment segment = _group[_next++];
        _round.Transactions.Add(_plan.AbortedBetween(segment.BaseOffset, _plan.EndOf(segment)));
        return new SegmentBatches(segment.File, 0, segment.SizeBytes, _bufferBytes);
    }

    private void Close()
    {
        _bytesOfDone += _batches?.BytesRead ?? 0;
        _batches?.Dispose();
        _batches = null;
    }
}
