namespace KRaftSharp.Client.Metadata;

/// <summary>A broker of the cluster as it advertises itself.</summary>
public sealed record BrokerNode(int Id, string Host, int Port, string? Rack)
{
    public BrokerAddress Address => new(Host, Port);
}
