namespace KRaftSharp.Broker.ShareState;

/// <summary>Neighbouring records in the same state.</summary>
/// <param name="LastOffset">Inclusive.</param>
/// <param name="DeliveryCount">How often they were delivered.</param>
internal readonly record struct StateBatch(
    long FirstOffset, long LastOffset, RecordState State, short DeliveryCount);
