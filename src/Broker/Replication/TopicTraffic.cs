namespace KRaftSharp.Broker.Replication;

/// <summary>
/// What went through a topic's partitions on this node since it has one of them. Counted without locks; read on any
/// thread.
/// </summary>
public sealed class TopicTraffic(string topic)
{
    private long _bytesIn;
    private long _messagesIn;
    private long _bytesOut;
    private long _replicationBytesIn;
    private long _replicationBytesOut;
    private long _produces;
    private long _fetches;
    private long _failedProduces;
    private long _failedFetches;

    public string Topic => topic;

    /// <summary>Bytes of batches that producers had appended, as they came.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long MessagesIn => Interlocked.Read(ref _messagesIn);

    /// <summary>Bytes of batches that consumers were given.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Bytes appended as a follower.</summary>
    public long ReplicationBytesIn => Interlocked.Read(ref _replicationBytesIn);

    /// <summary>Bytes that followers were given.</summary>
    public long ReplicationBytesOut => Interlocked.Read(ref _replicationBytesOut);

    /// <summary>Appends asked for, one a partition of a request.</summary>
    public long Produces => Interlocked.Read(ref _produces);

    /// <summary>Reads asked for by consumers, one a partition of a request.</summary>
    public long Fetches => Interlocked.Read(ref _fetches);

    public long FailedProduces => Interlocked.Read(ref _failedProduces);

    public long FailedFetches => Interlocked.Read(ref _failedFetches);

    internal void Produced(int bytes, long messages)
    {
        Interlocked.Increment(ref _produces);
        Interlocked.Add(ref _bytesIn, bytes);
        Interlocked.Add(ref _messagesIn, messages);
    }

    internal void ProduceFailed()
    {
        Interlocked.Increment(ref _produces);
        Interlocked.Increment(ref _failedProduces);
    }

    internal void Fetched(int bytes, bool isFollower)
    {
        if (isFollower)
        {
            Interlocked.Add(ref _replicationBytesOut, bytes);
            return;
        }

        Interlocked.Increment(ref _fetches);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    internal void FetchFailed(bool isFollower)
    {
        if (!isFollower)
        {
            Interlocked.Increment(ref _fetches);
            Interlocked.Increment(ref _failedFetches);
        }
    }

    internal void Replicated(int bytes) => Interlocked.Add(ref _replicationBytesIn, bytes);
}
