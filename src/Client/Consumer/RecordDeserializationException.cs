namespace KRaftSharp.Client.Consumer;

/// <summary>A record that a deserializer could not read. The position is at it: seek behind it to pass it
/// over.</summary>
public sealed class RecordDeserializationException : Exception
{
    public RecordDeserializationException()
    {
    }

    public RecordDeserializationException(string message)
        : base(message)
    {
    }

    public RecordDeserializationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal RecordDeserializationException(ConsumerRecord record, Exception cause)
        : base($"the record at {record.TopicPartition} offset {record.Offset} cannot be read: {cause.Message}",
            cause) => Record = record;

    /// <summary>As it came; null only where this was made without one.</summary>
    public ConsumerRecord? Record { get; }
}
