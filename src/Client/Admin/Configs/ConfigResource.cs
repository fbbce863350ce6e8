namespace KRaftSharp.Client.Admin;

/// <summary>What a configuration belongs to; the broker default has an empty name.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public static ConfigResource Broker(int id) => new(ConfigResourceType.Broker, $"{id}");

    /// <summary>What all brokers have that do not say otherwise.</summary>
    public static ConfigResource AllBrokers => new(ConfigResourceType.Broker, "");

    public static ConfigResource Group(string id) => new(ConfigResourceType.Group, id);

    public static ConfigResource ClientMetrics(string name) => new(ConfigResourceType.ClientMetrics, name);
}
