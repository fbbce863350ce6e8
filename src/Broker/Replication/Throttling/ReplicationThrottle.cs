using System.Globalization;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Replication.Throttling;

/// <summary>
/// The rate of replication for the replicas that topics' configs name, on the leader's or the follower's side (KIP-73).
/// Replicas that are in sync are never held back.
/// </summary>
/// <remarks>Thread-safe. Nothing is measured while no topic names a replica of this broker.</remarks>
/// <param name="side">"leader" or "follower", as the configs' names begin.</param>
internal sealed class ReplicationThrottle(string side, int brokerId, QuotaWindows windows)
{
    private const string All = "*";

    private readonly string _rateKey = side + ".replication.throttled.rate";
    private readonly string _replicasKey = side + ".replication.throttled.replicas";
    private readonly Lock _lock = new();
    private readonly SampledRate _measured = new(windows, isFullFromStart: false);
    private volatile IReadOnlyDictionary<string, IReadOnlySet<int>?> _topics =
        new Dictionary<string, IReadOnlySet<int>?>(StringComparer.Ordinal);
    private long _bytesPerSecond = long.MaxValue;

    /// <summary>Of throttled replicas, now.</summary>
    public double Rate(long nowMs)
    {
        lock (_lock)
        {
            return _measured.Rate(nowMs);
        }
    }

    /// <summary>Takes over what the metadata says about rates and replicas.</summary>
    public void Update(MetadataDelta delta, MetadataImage image)
    {
        bool topicsChanged = false;
        bool rateChanged = false;
        foreach (ConfigResource resource in delta.ChangedConfigs)
        {
            topicsChanged |= resource.Type == ConfigResourceType.Topic;
            rateChanged |= resource.Type == ConfigResourceType.Broker;
        }

        if (rateChanged)
        {
            Volatile.Write(ref _bytesPerSecond, RateIn(image.Configs));
        }

        if (!topicsChanged)
        {
            return;
        }

        Dictionary<string, IReadOnlySet<int>?> topics = new(_topics, StringComparer.Ordinal);
        foreach (ConfigResource resource in delta.ChangedConfigs.Where(one => one.Type == ConfigResourceType.Topic))
        {
            topics.Remove(resource.Name);
            if (image.Configs.For(resource).TryGetValue(_replicasKey, out string? text))
            {
                topics[resource.Name] = ReplicasIn(text);
            }
        }

        _topics = topics;
    }

    /// <summary>Whether the replica of this broker is one of those that are throttled.</summary>
    public bool Covers(TopicPartition partition) => _topics is { Count: > 0 } topics
        && topics.TryGetValue(partition.Topic, out IReadOnlySet<int>? partitions)
        && partitions?.Contains(partition.Partition) != false;

    /// <summary>Whether throttled replicas went faster than they may.</summary>
    public bool IsExceeded(long nowMs)
    {
        lock (_lock)
        {
            return _measured.Rate(nowMs) > Volatile.Read(ref _bytesPerSecond);
        }
    }

    public void Record(long bytes, long nowMs)
    {
        lock (_lock)
        {
            _measured.Record(bytes, nowMs);
        }
    }

    private long RateIn(ConfigsImage configs)
    {
        string? text = configs.For(ConfigResource.Broker(brokerId)).GetValueOrDefault(_rateKey)
            ?? configs.For(ConfigResource.DefaultBroker).GetValueOrDefault(_rateKey);
        return long.TryParse(text, CultureInfo.InvariantCulture, out long rate) ? rate : long.MaxValue;
    }

    /// <summary>Null for all partitions.</summary>
    private HashSet<int>? ReplicasIn(string text)
    {
        if (text.Trim() == All)
        {
            return null;
        }

        HashSet<int> partitions = [];
        foreach (string item in ConfigValue.ParseList(text))
        {
            if (item.Split(':') is [var partition, var broker]
                && int.TryParse(partition, CultureInfo.InvariantCulture, out int index)
                && int.TryParse(broker, CultureInfo.InvariantCulture, out int id) && id == brokerId)
            {
                partitions.Add(index);
            }
        }

        return partitions;
    }
}
