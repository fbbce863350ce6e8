using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>What became of one item of a call that names several: Kafka's error is a value, not an exception.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/> where it was done.</param>
/// <param name="Message">What the broker says about the error; null where it says nothing.</param>
public record Outcome(ErrorCode Error, string? Message)
{
    public static Outcome Ok { get; } = new(ErrorCode.None, null);

    public bool IsOk => Error == ErrorCode.None;

    /// <summary>The error for people: the broker's words, or Kafka's for the code.</summary>
    public string Text => string.IsNullOrEmpty(Message) ? ErrorCodes.Message(Error) : Message;

    /// <exception cref="KafkaException">It failed.</exception>
    public void ThrowIfFailed()
    {
        if (!IsOk)
        {
            throw new KafkaException(Error, Message);
        }
    }

    internal static Outcome<T> Of<T>(T value) => new(ErrorCode.None, null, value);

    internal static Outcome<T> Failed<T>(ErrorCode error, string? message = null) => new(error, message, default!);

    /// <summary>The value, unless there is an error.</summary>
    internal static Outcome<T> Of<T>(ErrorCode error, string? message, T value) =>
        new(error, message, error == ErrorCode.None ? value : default!);
}
