namespace KRaftSharp.Broker.Transactions;

/// <summary>A decided transaction whose markers are to be written.</summary>
/// <param name="Prepared">With its partitions, and the producer's epoch that the markers bear.</param>
/// <param name="Finished">Called once, when every partition has its marker; never for a job that is cancelled or
/// that a later coordinator or producer has overtaken.</param>
internal sealed record MarkerJob(
    int CoordinatorPartition, int CoordinatorEpoch, TransactionMetadata Prepared, Action Finished)
{
    public bool IsCommit => Prepared.Status == TransactionStatus.PrepareCommit;
}
