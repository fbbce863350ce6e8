namespace KRaftSharp.Log.Producers;

/// <summary>What a marker ended in this log. Markers that find no open transaction end nothing.</summary>
/// <param name="LastStableOffset">The first offset of another open transaction, or the marker's end.</param>
internal readonly record struct EndedTransaction(
    long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset, bool IsAborted);
