namespace KRaftSharp.Broker.Handlers;

/// <summary>The operations of IncrementalAlterConfigs (KIP-339); the numbers are the protocol's.</summary>
internal enum ConfigOperation : sbyte
{
    Set = 0,
    Delete = 1,
    Append = 2,
    Subtract = 3,
}
