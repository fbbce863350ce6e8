using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>The transactions that were aborted in what was fetched, as a walk over its batches meets them.</summary>
internal sealed class AbortedRanges
{
    private readonly FetchResponse.AbortedTransaction[] _byOffset;
    private readonly HashSet<long> _open = [];
    private int _next;

    public AbortedRanges(IEnumerable<FetchResponse.AbortedTransaction> aborted) =>
        _byOffset = [.. aborted.OrderBy(one => one.FirstOffset)];

    /// <summary>Whether a batch belongs to an aborted transaction. Batches must come in order, each once.</summary>
    public bool Hides(RecordBatchView batch)
    {
        while (_next < _byOffset.Length && _byOffset[_next].FirstOffset <= batch.LastOffset)
        {
            _open.Add(_byOffset[_next++].ProducerId);
        }

        if (!batch.IsControl)
        {
            return batch.IsTransactional && _open.Contains(batch.ProducerId);
        }

        using RecordReader records = new(batch);
        if (records.MoveNext() && ControlRecords.TryReadKey(records.Current.Key, out ControlRecordType type)
            && type == ControlRecordType.Abort)
        {
            _open.Remove(batch.ProducerId);
        }

        return true;
    }
}
