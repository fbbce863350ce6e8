namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What FindCoordinator calls a key type.</summary>
internal enum CoordinatorType
{
    Group,
    Transaction,
}
