using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>An <see cref="Outcome"/> with what was asked for.</summary>
public sealed record Outcome<T> : Outcome
{
    private readonly T _value;

    internal Outcome(ErrorCode error, string? message, T value)
        : base(error, message) => _value = value;

    /// <exception cref="KafkaException">It failed.</exception>
    public T Value
    {
        get
        {
            ThrowIfFailed();
            return _value;
        }
    }
}
