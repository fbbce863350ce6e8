using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>One of log.dirs. Any thread.</summary>
public sealed class LogDirectory(string path, Uuid id)
{
    private int _isOffline;

    /// <summary>Without a slash at its end.</summary>
    public string Path => path;

    /// <summary>From its meta.properties; zero when there is none.</summary>
    public Uuid Id => id;

    /// <summary>False for good once its disk has failed (KIP-112).</summary>
    public bool IsOnline => Volatile.Read(ref _isOffline) == 0;

    /// <summary>The recovery points as they were last written.</summary>
    internal Dictionary<TopicPartition, long> RecoveryPoints { get; set; } = [];

    /// <summary>Whether it was online until now.</summary>
    internal bool TakeOffline() => Interlocked.Exchange(ref _isOffline, 1) == 0;
}
