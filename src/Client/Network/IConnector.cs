namespace KRaftSharp.Client.Network;

/// <summary>Opens channels to brokers: sockets in production, the simulated network in tests.</summary>
public interface IConnector
{
    /// <summary>A channel of its own; it connects at the first request and again after a break.</summary>
    IBrokerChannel Open(BrokerAddress address);
}
