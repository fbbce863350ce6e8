namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What a heartbeat's answer tells beside the assignment; the values are those of the protocol.</summary>
internal enum StreamsStatus : sbyte
{
    /// <summary>The member runs an older topology than the group.</summary>
    StaleTopology = 0,

    MissingSourceTopics = 1,

    IncorrectlyPartitionedTopics = 2,

    /// <summary>They are being created.</summary>
    MissingInternalTopics = 3,

    /// <summary>A member asked the whole application to stop.</summary>
    ShutdownApplication = 4,

    AssignmentDelayed = 5,

    /// <summary>Tags by which standby tasks are to be spread (since version 1).</summary>
    MissingClientTags = 6,
}
