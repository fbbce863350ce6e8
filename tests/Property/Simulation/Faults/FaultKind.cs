namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL: the page cache survives. The node starts again after the fault's duration.</summary>
    KillProcess,

    /// <summary>Power loss: unsynced writes are lost, kept or torn. The node starts again after the duration.</summary>
    KillMachine,

    /// <summary>Power loss in the middle of what the node is doing, between two writes of one event.</summary>
    KillMachineMidWrite,

    /// <summary>A graceful stop, then a start.</summary>
    Stop,

    /// <summary>Every process dies at the same moment.</summary>
    KillAllProcesses,

    /// <summary>Every machine loses power at the same moment.</summary>
    KillAllMachines,

    /// <summary>The process stands still, its connections stay open.</summary>
    Pause,

    /// <summary>No frame between the target and the others, in both directions.</summary>
    Isolate,

    /// <summary>The others do not hear the target; it hears them.</summary>
    Mute,

    /// <summary>The target does not hear the others; they hear it.</summary>
    Deafen,

    /// <summary>Only the link between the target and the next node is cut.</summary>
    CutOneLink,

    /// <summary>Connections of the target break again and again.</summary>
    BreakConnections,

    /// <summary>Frames of the target take up to a second.</summary>
    Stall,

    /// <summary>The target's syncs take up to 800 ms.</summary>
    SlowDisk,

    /// <summary>The target's disk is full; when there is room again the node is restarted.</summary>
    FullDisk,

    /// <summary>A sync of the target fails; the node is restarted after the duration.</summary>
    FailedFlush,

    /// <summary>
    /// SIGKILL at the next time that a commit (of a transaction, of offsets, of a generation) reaches a drawn step, of
    /// the node where it does, or of all.
    /// </summary>
    KillAtCommitStep,
}
