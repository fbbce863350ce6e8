namespace KRaftSharp.Client.Admin;

/// <summary>Kinds of things that have a configuration; the value is the protocol's.</summary>
public enum ConfigResourceType : sbyte
{
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}
