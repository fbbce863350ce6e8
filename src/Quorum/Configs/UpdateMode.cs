namespace KRaftSharp.Quorum.Configs;

/// <summary>Whether a broker config can be changed while brokers run (KIP-226).</summary>
public enum UpdateMode
{
    /// <summary>Only by a restart.</summary>
    ReadOnly,

    /// <summary>For one broker at a time or for all.</summary>
    PerBroker,

    /// <summary>As a default of all brokers, and for single ones in tests.</summary>
    ClusterWide,
}
