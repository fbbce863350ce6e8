namespace KRaftSharp.Client.Consumer;

/// <summary>Hears of partitions that come and go (KIP-429). Called within <see cref="KafkaConsumer.PollAsync"/>,
/// <see cref="KafkaConsumer.UnsubscribeAsync"/> or closing, so the consumer may be used; polling may not.</summary>
/// <remarks>What it throws fails the poll, after the step has been carried out.</remarks>
public interface IRebalanceListener
{
    /// <summary>Partitions that were not assigned before, perhaps none; positions may be sought.</summary>
    ValueTask OnAssignedAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions) =>
        ValueTask.CompletedTask;

    /// <summary>Partitions about to go to another member: the last moment to commit what was made of them.</summary>
    ValueTask OnRevokedAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions) =>
        ValueTask.CompletedTask;

    /// <summary>Partitions that another member may have already: commits of them are refused.</summary>
    ValueTask OnLostAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions) =>
        OnRevokedAsync(consumer, partitions);
}
