namespace KRaftSharp.Broker.ShareState;

/// <summary>The kept state of share partitions, wherever its coordinator is. Any thread.</summary>
internal interface IShareState
{
    Task<StateAnswer> InitializeAsync(SharePartitionKey key, int stateEpoch, long startOffset);

    Task<StateAnswer> ReadAsync(SharePartitionKey key, int leaderEpoch);

    Task<StateAnswer> WriteAsync(SharePartitionKey key, StateWrite write);

    Task<StateAnswer> DeleteAsync(SharePartitionKey key);

    Task<StateAnswer> SummarizeAsync(SharePartitionKey key);
}
