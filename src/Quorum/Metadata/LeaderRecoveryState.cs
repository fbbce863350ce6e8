namespace KRaftSharp.Quorum.Metadata;

/// <summary>Whether the leader was elected cleanly, or uncleanly and still has to say that it has recovered.</summary>
public enum LeaderRecoveryState : sbyte
{
    Recovered = 0,
    Recovering = 1,
}
