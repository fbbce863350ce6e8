using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>
/// The transport of one process: connections over the simulated network, timeouts by the process's clock.
/// </summary>
internal sealed class SimTransport(SimNetwork network, SimHost host, SimContext life, TimeProvider time) : ITransport
{
    public SimNetwork Network => network;

    public SimHost Host => host;

    public SimContext Life => life;

    public TimeProvider Time => time;

    public IRpcChannel Open(PeerEndpoint target, string purpose) => new SimRpcChannel(this, target, purpose);
}
