namespace KRaftSharp.Client.Admin;

/// <summary>By which protocol a group works.</summary>
public enum GroupType
{
    /// <summary>A broker before 3.8 does not tell types.</summary>
    Unknown,

    /// <summary>Members agree among themselves (JoinGroup, SyncGroup).</summary>
    Classic,

    /// <summary>The coordinator assigns (KIP-848).</summary>
    Consumer,

    /// <summary>Queues (KIP-932).</summary>
    Share,

    /// <summary>Kafka Streams (KIP-1071).</summary>
    Streams,
}
