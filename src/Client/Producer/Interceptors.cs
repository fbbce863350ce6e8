using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Producer;

/// <summary>The interceptors of a producer, none of which can break it.</summary>
internal sealed class Interceptors(IReadOnlyList<IProducerInterceptor> all, ILogger logger)
{
    public bool Any => all.Count > 0;

    public ProducerRecord OnSend(ProducerRecord record)
    {
        foreach (IProducerInterceptor one in all)
        {
            try
            {
                record = one.OnSend(record);
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                // A watcher's mistake is no reason to lose a record.
                ClientLog.InterceptorThrew(logger, one.GetType(), mistake);
            }
        }

        return record;
    }

    /// <summary>The sender's own callback and theirs in one.</summary>
    public Action<RecordMetadata, KafkaException?> Around(Action<RecordMetadata, KafkaException?>? inner) =>
        (where, error) =>
        {
            OnAcknowledged(where, error);
            inner?.Invoke(where, error);
        };

    public void OnAcknowledged(RecordMetadata where, KafkaException? error)
    {
        foreach (IProducerInterceptor one in all)
        {
            try
            {
                one.OnAcknowledged(where, error);
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                ClientLog.InterceptorThrew(logger, one.GetType(), mistake);
            }
        }
    }
}
