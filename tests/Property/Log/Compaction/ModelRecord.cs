namespace KRaftSharp.Tests.Property.Log.Compaction;

/// <summary>A record as it was appended.</summary>
/// <param name="Value">Null for a tombstone.</param>
/// <param name="Transaction">Null outside transactions.</param>
/// <param name="KeptUntilMs">Until then a tombstone may not go, as far as it is the last of its key.</param>
internal sealed record ModelRecord(
    long Offset, string Key, string? Value, ModelTransaction? Transaction, long KeptUntilMs);

/// <summary>A transaction of the model, which is over once its marker is in the log.</summary>
internal sealed class ModelTransaction(long producerId)
{
    public long ProducerId => producerId;

    public long FirstOffset { get; set; } = -1;

    public long MarkerOffset { get; set; } = long.MaxValue;

    public bool IsCommitted { get; set; }
}
