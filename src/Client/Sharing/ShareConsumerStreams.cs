using System.Runtime.CompilerServices;
using KRaftSharp.Client.Consumer;

namespace KRaftSharp.Client.Sharing;

/// <summary>A share consumer's records as a stream that ends when it is cancelled.</summary>
public static class ShareConsumerStreams
{
    // How often a quiet consumer looks up from waiting; it changes nothing.
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(1);

    /// <summary>Record by record. Implicitly acknowledged, a record is accepted when the next is asked for, or by a
    /// commit; what the caller has not come to is for the next to read.</summary>
    /// <exception cref="InvalidOperationException">As of <see cref="KafkaShareConsumer.PollAsync"/>.</exception>
    /// <exception cref="KafkaException">As of <see cref="KafkaShareConsumer.PollAsync"/>.</exception>
    public static async IAsyncEnumerable<ConsumerRecord> ReadAsync(
        this KafkaShareConsumer consumer, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            foreach (ConsumerRecord record in await consumer.TakeAsync(1, PollTime, cancellation))
            {
                yield return record;
            }
        }
    }
}
