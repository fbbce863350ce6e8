namespace KRaftSharp.Tests.Property.Raft;

/// <summary>An invariant of INVARIANTS.md, Quorum, does not hold.</summary>
public sealed class RaftViolationException : Exception
{
    public RaftViolationException()
    {
    }

    public RaftViolationException(string message)
        : base(message)
    {
    }

    public RaftViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
