namespace KRaftSharp.Chaos.Faults;

/// <summary>What can be done to the cluster.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of one node.</summary>
    Kill,

    /// <summary>kill -9 of all nodes at once: what was acknowledged is in the system's page cache.</summary>
    KillAll,

    /// <summary>SIGSTOP, longer than a broker's session.</summary>
    Pause,

    /// <summary>A node is stopped in order and started again.</summary>
    Restart,

    Isolation,

    PartialPartition,

    OneWayPartition,

    NarrowLink,

    Loss,

    Delay,

    /// <summary>A node's disk is filled to the last byte, and freed later.</summary>
    DiskFull,

    /// <summary>A node is restarted with a monotonic clock that is days ahead (a time namespace).</summary>
    ClockJump,
}
