namespace KRaftSharp.Broker.Network;

/// <summary>Which APIs a listener serves.</summary>
public enum ListenerKind
{
    /// <summary>Clients and the other brokers.</summary>
    Broker,

    /// <summary>The quorum and the brokers' requests to the active controller.</summary>
    Controller,
}
