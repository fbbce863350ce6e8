using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Disk;
using KRaftSharp.Tests.Property.Simulation.Network;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>What one process of a node gets from its machine; useless once the process has ended.</summary>
/// <param name="Life">Counts the processes of this machine from 1.</param>
internal sealed record SimProcess(
    int NodeId,
    int Life,
    SimContext Context,
    TimeProvider Time,
    SimStorage Storage,
    SimTransport Transport,
    SimHost Host,
    Prng Chance);
