namespace KRaftSharp.Broker.ShareState;

/// <summary>What a share partition's leader wants to have kept.</summary>
internal sealed record StateWrite(
    int StateEpoch, int LeaderEpoch, long StartOffset, int DeliveryCompleteCount, IReadOnlyList<StateBatch> Batches);
