using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>
/// Metadata transactions (KIP-866): what lies between a begin and its end counts only at the end, and not at all
/// after an abort.
/// </summary>
internal sealed class MetadataTransaction
{
    private readonly List<IMetadataRecord> _waiting = [];

    /// <summary>True after a begin without end or abort.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Replays a record into the delta, now or when its transaction ends.</summary>
    public void Replay(IMetadataRecord record, MetadataDelta delta)
    {
        switch (record)
        {
            case BeginTransactionRecord:
                Invariant.Require(!IsOpen, "metadata transactions do not nest");
                IsOpen = true;
                break;
            case EndTransactionRecord:
                Invariant.Require(IsOpen, "a metadata transaction that ends has begun");
                _waiting.ForEach(delta.Replay);
                Reset();
                break;
            case AbortTransactionRecord:
                Invariant.Require(IsOpen, "a metadata transaction that ends has begun");
                Reset();
                break;
            case var waiting when IsOpen:
                _waiting.Add(waiting);
                break;
            default:
                delta.Replay(record);
                break;
        }
    }

    public void Reset()
    {
        IsOpen = false;
        _waiting.Clear();
    }
}
