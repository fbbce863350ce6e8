namespace KRaftSharp.Broker.Replication.Core;

/// <summary>What a leader does about an answer to its ISR proposal.</summary>
internal enum IsrVerdict
{
    /// <summary>The ISR is committed and in force.</summary>
    Applied,

    /// <summary>The answer is of an earlier state; newer metadata has come already or is on its way.</summary>
    Stale,

    /// <summary>The proposal was refused for good and is withdrawn.</summary>
    Withdrawn,

    /// <summary>Whether it was carried out is unknown: ask again.</summary>
    Retry,
}
