namespace KRaftSharp.Broker.Transactions;

/// <summary>Brings the end of a transaction to all its partitions.</summary>
internal interface ITransactionMarkers
{
    /// <summary>Sends until all leaders have written their markers. Any thread; calls back on any.</summary>
    void Send(MarkerJob job);

    /// <summary>Gives up on the jobs of one term of a coordinator's partition: another one sends them anew.</summary>
    void Cancel(int coordinatorPartition, int coordinatorEpoch);
}
