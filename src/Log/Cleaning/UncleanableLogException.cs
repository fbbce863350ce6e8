using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Cleaning;

/// <summary>A log has bytes that no cleaner may touch: it is left as it is from then on.</summary>
internal sealed class UncleanableLogException : Exception
{
    public UncleanableLogException()
    {
    }

    public UncleanableLogException(string message)
        : base(message)
    {
    }

    public UncleanableLogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public static void ThrowIf(RecordFault fault, long baseOffset)
    {
        if (fault != RecordFault.None)
        {
            throw new UncleanableLogException($"The records of the batch at offset {baseOffset} are bad: {fault}");
        }
    }
}
