namespace KRaftSharp.Broker.Sharing;

internal enum SharePartitionStatus
{
    /// <summary>Its state is being read.</summary>
    Loading,

    Active,

    /// <summary>Its state could not be read.</summary>
    Failed,

    /// <summary>Another leader, or another epoch of the group, has taken over; or the group is gone.</summary>
    Fenced,
}
