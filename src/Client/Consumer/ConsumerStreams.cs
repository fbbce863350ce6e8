using System.Runtime.CompilerServices;

namespace KRaftSharp.Client.Consumer;

/// <summary>A consumer's records as streams that end when they are cancelled.</summary>
public static class ConsumerStreams
{
    // How often a quiet consumer looks up from waiting; it changes nothing.
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(1);

    /// <summary>Polls for ever. What a poll brought is valid until the next is asked for; there is nothing to
    /// dispose.</summary>
    /// <exception cref="KafkaException">As of <see cref="KafkaConsumer.PollAsync"/>.</exception>
    public static async IAsyncEnumerable<FetchedRecords> ReadBatchesAsync(
        this KafkaConsumer consumer, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
            if (fetched.Partitions.Count > 0)
            {
                yield return fetched;
            }
        }
    }

    /// <summary>Record by record. The position is behind the record that was yielded last: what the caller has not
    /// come to
    /// is neither committed nor lost when it stops.</summary>
    /// <exception cref="KafkaException">As of <see cref="KafkaConsumer.PollAsync"/>.</exception>
    public static async IAsyncEnumerable<ConsumerRecord> ReadAsync(
        this KafkaConsumer consumer, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
            RecordByRecord handing = new(fetched);
            try
            {
                while (handing.Next() is { } record)
                {
                    yield return record;
                }
            }
            finally
            {
                handing.TakeBackTheRest();
            }
        }
    }
}
