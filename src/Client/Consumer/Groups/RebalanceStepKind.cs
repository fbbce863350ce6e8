namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>The kinds of <see cref="RebalanceStep"/>.</summary>
internal enum RebalanceStepKind
{
    /// <summary>Partitions are given up in order: positions may still be committed.</summary>
    Revoke,

    /// <summary>Partitions are another's already.</summary>
    Lose,

    /// <summary>Partitions are new; perhaps none are.</summary>
    Assign,
}
