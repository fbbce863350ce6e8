using KRaftSharp.Client.Consumer;

namespace KRaftSharp.Client.Sharing;

/// <summary>A record that this member has acquired and that has not been acknowledged for good.</summary>
internal sealed class HeldRecord(SharedPartition partition, ConsumerRecord record)
{
    public SharedPartition Partition => partition;

    public ConsumerRecord Record { get; set; } = record;

    /// <summary>The broker that holds it for this member.</summary>
    public int NodeId { get; set; }

    /// <summary>When the lock is over unless it is renewed, on the runtime's clock.</summary>
    public long LockedUntilMs { get; set; }

    public HeldState State { get; set; }
}
