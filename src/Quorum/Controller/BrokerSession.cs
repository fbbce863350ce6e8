namespace KRaftSharp.Quorum.Controller;

/// <summary>What the active controller knows of a broker by hearing from it; lost with its leadership.</summary>
internal sealed class BrokerSession(int brokerId, long epoch)
{
    public int BrokerId => brokerId;

    public long Epoch => epoch;

    /// <summary>When it was last heard of; at activation the session starts anew.</summary>
    public long LastContactMs { get; set; }

    /// <summary>False as long as this controller has heard nothing since it became active.</summary>
    public bool WasHeard { get; set; }

    /// <summary>How far the broker has read the metadata log.</summary>
    public long MetadataOffset { get; set; } = -1;

    /// <summary>The last record of its controlled shutdown: when all others have read it, it may go.</summary>
    public long? ShutdownOffset { get; set; }

    /// <summary>The connection of its last request; null when that broke.</summary>
    public long? ConnectionId { get; set; }
}
