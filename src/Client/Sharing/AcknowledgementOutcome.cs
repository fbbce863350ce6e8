namespace KRaftSharp.Client.Sharing;

/// <summary>What a broker said to acknowledgements of one partition.</summary>
/// <param name="Partition">Of the records.</param>
/// <param name="Offsets">Ascending.</param>
/// <param name="Error">Null: they count. Otherwise they do not, or nobody knows (a request without an answer); the
/// records are delivered again, to this member or another.</param>
public sealed record AcknowledgementOutcome(
    TopicPartition Partition, IReadOnlyList<long> Offsets, KafkaException? Error);
