namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>The assignors that come with the client; they assign as those of Kafka's Java client do.</summary>
public static class PartitionAssignors
{
    /// <summary>Topic by topic: consecutive partitions to each member in turn; topics of the same number of
    /// partitions are
    /// split alike. Members near a replica are preferred (KIP-881).</summary>
    public static IPartitionAssignor Range { get; } = new RangeAssignor();

    /// <summary>One partition after the other to one member after the other.</summary>
    public static IPartitionAssignor RoundRobin { get; } = new RoundRobinAssignor();

    /// <summary>As even as can be, and with as few moves (KIP-54).</summary>
    public static IPartitionAssignor Sticky { get; } = new StickyAssignor(isCooperative: false);

    /// <summary>As <see cref="Sticky"/>, without stopping members whose partitions stay (KIP-429).</summary>
    public static IPartitionAssignor CooperativeSticky { get; } = new StickyAssignor(isCooperative: true);
}
