using KRaftSharp.Client.Consumer;

namespace KRaftSharp.Client.Metadata;

/// <summary>Renews the metadata when somebody who polls misses something, or when it is old. Owned by the one who
/// polls.</summary>
internal sealed class MetadataWants(ClusterClient cluster)
{
    private Task? _refresh;
    private bool _isWanted;
    private long _atMs;

    public void Want() => _isWanted = true;

    /// <summary>The leader of a partition; null while there is none, and metadata is asked for then.</summary>
    public PartitionView? LeaderOf(TopicPartition partition)
    {
        if (cluster.View.Find(partition) is { LeaderId: >= 0 } view
            && cluster.View.Brokers.ContainsKey(view.LeaderId))
        {
            return view;
        }

        _isWanted = true;
        return null;
    }

    public void RefreshIfWanted(long nowMs, Inbox inbox, ref long nextMs)
    {
        ClientOptions options = cluster.Options;
        if (!_isWanted && nowMs - cluster.RefreshedAtMs < (long)options.MetadataMaxAge.TotalMilliseconds)
        {
            return;
        }

        if (_refresh is { IsCompleted: false })
        {
            return;
        }

        if (nowMs < _atMs)
        {
            nextMs = Math.Min(nextMs, _atMs);
            return;
        }

        _isWanted = false;
        _atMs = nowMs + (long)options.RetryBackoff.TotalMilliseconds;
        _refresh = RefreshAsync(inbox);
    }

    private async Task RefreshAsync(Inbox inbox)
    {
        try
        {
            await cluster.RefreshAsync();
        }
        catch (KafkaException)
        {
            // Asked again while there is something to read.
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        inbox.Wake();
    }
}
