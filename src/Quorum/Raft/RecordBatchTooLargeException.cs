namespace KRaftSharp.Quorum.Raft;

/// <summary>Records that must be one batch are more than a batch may hold: nothing was appended.</summary>
public sealed class RecordBatchTooLargeException : Exception
{
    public RecordBatchTooLargeException()
    {
    }

    public RecordBatchTooLargeException(string message)
        : base(message)
    {
    }

    public RecordBatchTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
