namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>How far a member is on its way to its target assignment; the values are those of its record.</summary>
internal enum MemberState : byte
{
    Stable = 0,

    /// <summary>It must give up partitions first.</summary>
    UnrevokedPartitions = 1,

    /// <summary>Others must give up partitions that it is to get.</summary>
    UnreleasedPartitions = 2,
}
