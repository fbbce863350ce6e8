namespace KRaftSharp.Log.Producers;

/// <summary>One aborted transaction of one partition.</summary>
/// <param name="FirstOffset">Of the transaction's first batch here.</param>
/// <param name="LastOffset">Of its marker.</param>
/// <param name="LastStableOffset">What the last stable offset is once this transaction has ended: whoever reads below
/// it needs no later entry.</param>
public readonly record struct AbortedTransaction(
    long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);
