namespace KRaftSharp.Log.Assertions;

/// <summary>
/// Something that must always hold does not; caught only by the fault handler that stops the process.
/// </summary>
public sealed class InvariantViolationException : Exception
{
    public InvariantViolationException()
    {
    }

    public InvariantViolationException(string message)
        : base("Invariant broken: " + message)
    {
    }

    public InvariantViolationException(string message, Exception innerException)
        : base("Invariant broken: " + message, innerException)
    {
    }
}
