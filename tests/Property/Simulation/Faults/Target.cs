namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>Whom a fault hits: a node by number, or whoever has a role when the fault strikes.</summary>
internal enum Target
{
    Node0,
    Node1,
    Node2,
    Node3,
    Node4,
    ActiveController,
    PartitionLeader,
    PartitionFollower,
    GroupCoordinator,
    TransactionCoordinator,
}
