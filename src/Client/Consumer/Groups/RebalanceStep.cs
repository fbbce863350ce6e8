namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What the application has to do before the membership goes on.</summary>
/// <param name="Kind">What.</param>
/// <param name="Partitions">What is given up or lost; what is new.</param>
/// <param name="Owned">Everything it owns afterwards.</param>
internal sealed record RebalanceStep(
    RebalanceStepKind Kind, IReadOnlyList<TopicPartition> Partitions, IReadOnlyList<TopicPartition> Owned);
