using KRaftSharp.Protocol;

namespace KRaftSharp.Client;

/// <summary>What a broker answered, or why no broker could be asked.</summary>
/// <remarks><see cref="Code"/> is <see cref="ErrorCode.NetworkException"/> or <see cref="ErrorCode.RequestTimedOut"/>
/// where nobody answered; whether a request was carried out is then unknown.</remarks>
public sealed class KafkaException : Exception
{
    public KafkaException()
        : this(ErrorCode.UnknownServerError)
    {
    }

    public KafkaException(string message)
        : this(ErrorCode.UnknownServerError, message)
    {
    }

    public KafkaException(string message, Exception innerException)
        : base(message, innerException) => Code = ErrorCode.UnknownServerError;

    public KafkaException(ErrorCode code, string? message = null)
        : base(string.IsNullOrEmpty(message) ? ErrorCodes.Message(code) : message) => Code = code;

    public ErrorCode Code { get; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsRetriable => ErrorCodes.IsRetriable(Code);

    /// <summary>The open transaction is lost: abort it, then the producer goes on (KIP-1050).</summary>
    public bool IsAbortable { get; internal init; }

    /// <summary>The transactional producer cannot go on: close it and begin anew with another (KIP-1050).</summary>
    public bool IsFatal { get; internal init; }
}
