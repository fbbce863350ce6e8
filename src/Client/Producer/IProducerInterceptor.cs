namespace KRaftSharp.Client.Producer;

/// <summary>Sees every record on its way out and what became of it (<c>interceptor.classes</c>, KIP-42).</summary>
/// <remarks>Called in the order of the options, each with what the one before returned. What one throws fails
/// nothing: the record goes on as it was. With interceptors every send allocates.</remarks>
public interface IProducerInterceptor
{
    /// <summary>Before the partition is chosen, on the caller's thread; returns the record to send.</summary>
    ProducerRecord OnSend(ProducerRecord record) => record;

    /// <summary>When a record is acknowledged or has failed; on the sender's thread, so it must be quick.</summary>
    /// <param name="where">Offset and timestamp are -1 when it failed.</param>
    /// <param name="error">Null when it is acknowledged.</param>
    void OnAcknowledged(RecordMetadata where, KafkaException? error)
    {
    }
}
