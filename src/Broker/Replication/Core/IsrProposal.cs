namespace KRaftSharp.Broker.Replication.Core;

/// <summary>A change of the ISR that a leader has asked the controller for.</summary>
/// <param name="LeaderEpoch">The term in which it was asked.</param>
/// <param name="PartitionEpoch">The partition epoch it builds on: the controller refuses it on any other.</param>
/// <param name="NewIsr">The ISR asked for, each member with the broker epoch it is known by (-1: not known).</param>
/// <param name="IsExpansion">True when a member is added, false when members are removed.</param>
public sealed record IsrProposal(
    int LeaderEpoch, int PartitionEpoch, IReadOnlyList<(int BrokerId, long BrokerEpoch)> NewIsr, bool IsExpansion);
