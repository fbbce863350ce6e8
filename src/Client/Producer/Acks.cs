namespace KRaftSharp.Client.Producer;

/// <summary>Which replicas must have a batch before it counts as written (<c>acks</c>).</summary>
public enum Acks : short
{
    /// <summary>Nothing is awaited: lost records go unnoticed.</summary>
    None = 0,

    /// <summary>The leader alone: lost with the leader.</summary>
    Leader = 1,

    /// <summary>Every replica in sync: survives as long as one of them does.</summary>
    All = -1,
}
