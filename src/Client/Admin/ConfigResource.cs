namespace KRaftSharp.Client.Admin;

/// <summary>What a configuration belongs to; the broker default has an empty name.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public static ConfigResource Broker(int id) => new(ConfigResourceType.Broker, $"{id}");
}
