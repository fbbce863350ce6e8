namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>How far a member is on its way to its target assignment; the values are those of its record.</summary>
internal enum StreamsMemberState : byte
{
    Stable = 1,

    /// <summary>It must give up tasks first.</summary>
    UnrevokedTasks = 2,

    /// <summary>Others must give up tasks that it is to get.</summary>
    UnreleasedTasks = 3,

    /// <summary>A later version wrote the record.</summary>
    Unknown = 127,
}
