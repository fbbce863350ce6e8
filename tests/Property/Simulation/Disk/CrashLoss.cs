namespace KRaftSharp.Tests.Property.Simulation.Disk;

/// <summary>What a machine that loses power leaves of the writes that were not synced.</summary>
internal enum CrashLoss
{
    /// <summary>All of them reached the platter after all.</summary>
    Nothing,

    /// <summary>None did.</summary>
    Everything,

    /// <summary>Those up to some point did.</summary>
    Suffix,

    /// <summary>As <see cref="Suffix"/>, and the first lost one arrived in part.</summary>
    Torn,

    /// <summary>
    /// Any sectors of any of them did, in no order; a file may have its new length without its new bytes.
    /// </summary>
    Scattered,
}
