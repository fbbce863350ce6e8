using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Network;

/// <summary>How many connections there may be, and how fast they may come; all of it can change while the node runs.
/// </summary>
internal sealed record ConnectionLimits
{
    /// <summary>max.connections, of all listeners.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>listener.name.NAME.max.connections</summary>
    public IReadOnlyDictionary<string, int> OfListeners { get; init; } = new Dictionary<string, int>();

    /// <summary>max.connections.per.ip: what goes beyond is closed at once.</summary>
    public int MaxPerAddress { get; init; } = int.MaxValue;

    /// <summary>max.connections.per.ip.overrides, by address.</summary>
    public IReadOnlyDictionary<string, int> OfAddresses { get; init; } = new Dictionary<string, int>();

    /// <summary>max.connection.creation.rate, a second, of all listeners but the brokers' own.</summary>
    public int CreationRate { get; init; } = int.MaxValue;

    /// <summary>listener.name.NAME.max.connection.creation.rate</summary>
    public IReadOnlyDictionary<string, int> CreationRates { get; init; } = new Dictionary<string, int>();

    /// <summary>The quotas connection_creation_rate of addresses (KIP-612).</summary>
    public QuotaTable AddressRates { get; init; } = QuotaTable.Empty;
}
