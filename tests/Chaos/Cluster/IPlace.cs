namespace KRaftSharp.Chaos.Cluster;

/// <summary>Where the nodes run: what addresses they have, and what can be done to their network.</summary>
internal interface IPlace : IDisposable
{
    string Description { get; }

    string AddressOf(int node);

    int BrokerPortOf(int node);

    int ControllerPortOf(int node);

    int AdminPortOf(int node);

    /// <summary>What a node's command line begins with.</summary>
    string[] PrefixOf(int node);

    /// <summary>Null when this kind of disturbance can be made here; else why it cannot.</summary>
    string? WhyNot(NetworkFault fault);

    /// <param name="peer">The other node; 0 for all.</param>
    void Disturb(NetworkFault fault, int node, int peer);

    void Heal(NetworkFault fault, int node, int peer);
}

internal enum NetworkFault
{
    /// <summary>Nothing goes in or out of a node.</summary>
    Isolation,

    /// <summary>Two nodes do not reach each other; the third reaches both.</summary>
    Partial,

    /// <summary>What a node sends to another is lost; what that one sends comes.</summary>
    OneWay,

    /// <summary>A node's link carries little, and what waits is late.</summary>
    Narrow,

    Loss,

    Delay,
}
