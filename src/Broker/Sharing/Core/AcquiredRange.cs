namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>Records that a member was given.</summary>
/// <param name="LastOffset">Inclusive.</param>
/// <param name="DeliveryCount">This delivery included.</param>
internal readonly record struct AcquiredRange(long FirstOffset, long LastOffset, int DeliveryCount)
{
    public long Count => LastOffset - FirstOffset + 1;
}
