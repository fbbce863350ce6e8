namespace KRaftSharp.Chaos.Cluster;

/// <summary>All nodes on 127.0.0.1: processes can be disturbed, their network cannot.</summary>
internal sealed class Loopback(int portBase) : IPlace
{
    private const int Step = 10;

    public string Description => "loopback (network namespaces are not permitted here, or not wanted)";

    public string AddressOf(int node) => "127.0.0.1";

    public int BrokerPortOf(int node) => portBase + (node * Step);

    public int ControllerPortOf(int node) => portBase + (node * Step) + 1;

    public int AdminPortOf(int node) => portBase + (node * Step) + 2;

    public string[] PrefixOf(int node) => [];

    public string? WhyNot(NetworkFault fault) => "the nodes share one loopback device";

    public void Disturb(NetworkFault fault, int node, int peer)
    {
    }

    public void Heal(NetworkFault fault, int node, int peer)
    {
    }

    public void Dispose()
    {
    }
}
