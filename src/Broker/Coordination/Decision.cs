using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>What an operation on a coordinator's state came to: records, and what follows from them.</summary>
/// <remarks>
/// The records are appended and replayed before the next operation runs. <see cref="Committed"/> or
/// <see cref="Failed"/> runs on the shard's strand: the first once the high watermark has passed the records (and
/// everything that was written before them), the second when they could not be appended or not be replicated in time.
/// A decision without records is committed when everything is that its operation may have seen.
/// </remarks>
internal sealed record Decision(IReadOnlyList<CoordinatorRecord> Records)
{
    /// <summary>Nothing is written and nothing follows (yet).</summary>
    public static Decision Nothing { get; } = new([]);

    /// <summary>False where the state has been changed already and the records only tell of it.</summary>
    public bool IsReplayed { get; init; } = true;

    /// <summary>Runs once the records, if any, are appended and replayed; before the next operation.</summary>
    public Action? Appended { get; init; }

    public Action? Committed { get; init; }

    /// <summary>Null fails the operation's reply.</summary>
    public Action<ErrorCode>? Failed { get; init; }

    /// <summary>Set where the records belong to a transaction.</summary>
    public ProducerStamp? Producer { get; init; }

    /// <summary>Set where the transaction must still be open, or verified, when the records are appended (KIP-890):
    /// what <see cref="PartitionLog.StartVerification"/> gave.</summary>
    public long? Verification { get; init; }

    /// <summary>Written instead of records: the end of a transaction.</summary>
    public TransactionEnd? End { get; init; }

    public bool HasWrites => Records.Count > 0 || End is not null;
}
