using System.Globalization;

namespace KRaftSharp.Chaos.Cluster;

/// <summary>Each node in a network namespace of its own, on one bridge; the clients stay outside.</summary>
/// <remarks>Packets are lost by routes into nowhere and by links that are down, which every kernel can; loss and delay
/// of some packets need tc's netem.</remarks>
internal sealed class Namespaces : IPlace
{
    private const int BrokerPort = 9092;
    private const int ControllerPort = 9093;
    private const int AdminPort = 8080;
    private readonly string _bridge;
    private readonly string _network;
    private readonly int _count;
    private bool _hasNetem;
    private bool _hasBuckets;

    private Namespaces(int portBase, int count)
    {
        // Two runs with different ports do not meet.
        int number = portBase / 10 % 250;
        _bridge = string.Create(CultureInfo.InvariantCulture, $"krc{portBase}");
        _network = string.Create(CultureInfo.InvariantCulture, $"10.77.{number}");
        _count = count;
    }

    public string Description => $"network namespaces {NameOf(1)} to {NameOf(_count)} on bridge {_bridge}";

    /// <summary>Null where the system does not permit it.</summary>
    public static Namespaces? TryMake(int portBase, int count)
    {
        Namespaces made = new(portBase, count);
        try
        {
            made.Dispose();
            made.Make();
            return made;
        }
        catch (InvalidOperationException)
        {
            made.Dispose();
            return null;
        }
    }

    public string AddressOf(int node) => $"{_network}.{node}";

    public int BrokerPortOf(int node) => BrokerPort;

    public int ControllerPortOf(int node) => ControllerPort;

    public int AdminPortOf(int node) => AdminPort;

    public string[] PrefixOf(int node) => ["ip", "netns", "exec", NameOf(node)];

    public string? WhyNot(NetworkFault fault) => fault switch
    {
        NetworkFault.Loss or NetworkFault.Delay when !_hasNetem => "tc knows no netem here",
        NetworkFault.Narrow when !_hasBuckets => "tc knows no tbf here",
        _ => null,
    };

    public void Disturb(NetworkFault fault, int node, int peer)
    {
        switch (fault)
        {
            case NetworkFault.Isolation:
                Shell.Do("ip", "link", "set", LinkOf(node), "down");
                break;
            case NetworkFault.Partial:
                Route(node, "add", peer);
                Route(peer, "add", node);
                break;
            case NetworkFault.OneWay:
                Route(node, "add", peer);
                break;
            case NetworkFault.Narrow:
                Queue(node, "add", "tbf", "rate", "300kbit", "burst", "16k", "latency", "400ms");
                break;
            case NetworkFault.Loss:
                Queue(node, "add", "netem", "loss", "15%");
                break;
            case NetworkFault.Delay:
                Queue(node, "add", "netem", "delay", "150ms", "100ms");
                break;
        }
    }

    public void Heal(NetworkFault fault, int node, int peer)
    {
        switch (fault)
        {
            case NetworkFault.Isolation:
                Shell.Try("ip", "link", "set", LinkOf(node), "up");
                break;
            case NetworkFault.Partial:
                Route(node, "del", peer);
                Route(peer, "del", node);
                break;
            case NetworkFault.OneWay:
                Route(node, "del", peer);
                break;
            default:
                Shell.Try("ip", "netns", "exec", NameOf(node), "tc", "qdisc", "del", "dev", "eth0", "root");
                break;
        }
    }

    public void Dispose()
    {
        for (int node = 1; node <= _count; node++)
        {
            Shell.Try("ip", "netns", "del", NameOf(node));
            Shell.Try("ip", "link", "del", LinkOf(node));
        }

        Shell.Try("ip", "link", "del", _bridge);
    }

    private void Make()
    {
        Shell.Do("ip", "link", "add", _bridge, "type", "bridge");
        Shell.Do("ip", "addr", "add", $"{_network}.254/24", "dev", _bridge);
        Shell.Do("ip", "link", "set", _bridge, "up");
        for (int node = 1; node <= _count; node++)
        {
            string name = NameOf(node);
            Shell.Do("ip", "netns", "add", name);
            Shell.Do("ip", "link", "add", LinkOf(node), "type", "veth", "peer", "name", "eth0", "netns", name);
            Shell.Do("ip", "link", "set", LinkOf(node), "master", _bridge);
            Shell.Do("ip", "link", "set", LinkOf(node), "up");
            Shell.Do("ip", "-n", name, "addr", "add", $"{AddressOf(node)}/24", "dev", "eth0");
            Shell.Do("ip", "-n", name, "link", "set", "eth0", "up");
            Shell.Do("ip", "-n", name, "link", "set", "lo", "up");
        }

        _hasNetem = Probe("netem", "delay", "1ms");
        _hasBuckets = Probe("tbf", "rate", "1mbit", "burst", "16k", "latency", "100ms");
    }

    private bool Probe(params string[] discipline)
    {
        string[] tc = ["ip", "netns", "exec", NameOf(1), "tc", "qdisc"];
        bool works = Shell.Try([.. tc, "add", "dev", "eth0", "root", .. discipline]);
        Shell.Try([.. tc, "del", "dev", "eth0", "root"]);
        return works;
    }

    private void Queue(int node, string verb, params string[] discipline) => Shell.Do(
        ["ip", "netns", "exec", NameOf(node), "tc", "qdisc", verb, "dev", "eth0", "root", .. discipline]);

    private void Route(int node, string verb, int peer) =>
        Shell.Try("ip", "-n", NameOf(node), "route", verb, "blackhole", $"{AddressOf(peer)}/32");

    private string NameOf(int node) => $"{_bridge}-{node}";

    private string LinkOf(int node) => $"{_bridge}v{node}";
}
