namespace KRaftSharp.Tests.Property.Raft;

/// <summary>What a careless driver would do; each must be caught by a property.</summary>
public enum PlantedFault
{
    None = 0,

    /// <summary>Says that the log is durable as soon as it is written.</summary>
    AckBeforeFlush,

    /// <summary>Says that a vote is durable before it is.</summary>
    VoteBeforeSync,

    /// <summary>Truncates to the high watermark rather than to where the logs part.</summary>
    TruncateToHighWatermark,

    /// <summary>Does not truncate at all where the logs part, but goes on behind.</summary>
    NoTruncation,
}
