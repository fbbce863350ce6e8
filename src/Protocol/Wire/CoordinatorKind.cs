namespace KRaftSharp.Protocol;

/// <summary>Whose records: each coordinator numbers its own.</summary>
public enum CoordinatorKind
{
    Group,
    Transaction,
    Share,
}
