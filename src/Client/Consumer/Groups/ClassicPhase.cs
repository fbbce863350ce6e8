namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>Where a member of a classic group stands.</summary>
internal enum ClassicPhase
{
    /// <summary>No member; it joins with the next poll if it subscribes to anything.</summary>
    Outside,

    /// <summary>The application is to give up what it owns before this member joins again.</summary>
    Preparing,

    Joining,

    /// <summary>This member leads, and partitions are being given away.</summary>
    Assigning,

    Syncing,

    /// <summary>Member of a generation; what was assigned may still have to reach the application.</summary>
    Stable,
}
