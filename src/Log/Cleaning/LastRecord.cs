namespace KRaftSharp.Log.Cleaning;

/// <summary>What a log last heard of a producer: its batch must outlive cleaning, even without records, so that its
/// sequence and epoch are known after a restart.</summary>
/// <param name="DataOffset">The last offset of its last batch; <see cref="OnlyMarkers"/> or <see cref="Any"/>.</param>
internal readonly record struct LastRecord(long DataOffset, short Epoch)
{
    /// <summary>No batch but markers is known of the producer.</summary>
    public const long OnlyMarkers = -1;

    /// <summary>Which of the batches is the last one is not known: all count as such.</summary>
    public const long Any = -2;
}
