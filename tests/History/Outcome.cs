namespace KRaftSharp.History;

/// <summary>What a client knows of an operation that it asked for.</summary>
public enum Outcome
{
    /// <summary>There was no answer, or none that says whether it was carried out.</summary>
    Unknown,

    /// <summary>It was acknowledged; of a transaction: its commit was.</summary>
    Succeeded,

    /// <summary>It was refused for good; of a transaction: it was aborted.</summary>
    Failed,
}
