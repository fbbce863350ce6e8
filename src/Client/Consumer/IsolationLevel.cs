namespace KRaftSharp.Client.Consumer;

/// <summary>Which records are handed out (<c>isolation.level</c>).</summary>
public enum IsolationLevel
{
    /// <summary>All, those of open and aborted transactions too.</summary>
    ReadUncommitted,

    /// <summary>Those of committed transactions, and those of none, up to the first transaction that is open.</summary>
    ReadCommitted,
}
