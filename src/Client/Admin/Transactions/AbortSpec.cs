namespace KRaftSharp.Client.Admin;

/// <summary>The transaction on one partition that is to be aborted there.</summary>
/// <param name="Partition">Where it hangs.</param>
/// <param name="ProducerId">Whose it is.</param>
/// <param name="ProducerEpoch">As the partition knows it.</param>
/// <param name="CoordinatorEpoch">As the partition knows it; 0 or more.</param>
public sealed record AbortSpec(
    TopicPartition Partition, long ProducerId, short ProducerEpoch, int CoordinatorEpoch);
