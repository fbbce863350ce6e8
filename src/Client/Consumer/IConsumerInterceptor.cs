namespace KRaftSharp.Client.Consumer;

/// <summary>Sees every poll's records and every commit (KIP-42). What one throws fails nothing.</summary>
public interface IConsumerInterceptor
{
    /// <summary>Before a poll returns; the records are borrowed for the call.</summary>
    void OnConsume(FetchedRecords records)
    {
    }

    /// <summary>After a commit has succeeded.</summary>
    void OnCommit(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets)
    {
    }
}
