namespace KRaftSharp.Client.Admin;

/// <summary>A producer that a partition remembers.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="Epoch">Its newest epoch there.</param>
/// <param name="LastSequence">Of its last record; -1 unknown.</param>
/// <param name="LastTimestampMs">Of its last record; -1 unknown.</param>
/// <param name="CoordinatorEpoch">Of the coordinator that last ended a transaction; -1: none did.</param>
/// <param name="TransactionStartOffset">Of its open transaction; -1 without one.</param>
public sealed record ProducerDescription(
    long ProducerId,
    int Epoch,
    int LastSequence,
    long LastTimestampMs,
    int CoordinatorEpoch,
    long TransactionStartOffset);
