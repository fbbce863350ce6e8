namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>The states of a group of the classic protocol; their names are what clients see.</summary>
internal enum ClassicState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}
