namespace KRaftSharp.Log.Producers;

/// <summary>What a log knows of an active producer (DescribeProducers).</summary>
public readonly record struct ProducerView(
    long ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastTimestampMs,
    int CoordinatorEpoch,
    long CurrentTxnStartOffset);
