using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>Commits of a consumer: those that it is asked for, and those that it makes by itself.</summary>
internal sealed class GroupCommits
{
    private readonly ConsumerGroup _group;
    private readonly ClusterClient _cluster;
    private readonly ConsumerOptions _options;
    private readonly Assignment _assignment;
    private readonly Inbox _inbox;
    private readonly GroupOffsets _offsets;
    private readonly ILogger _logger;
    private readonly Dictionary<TopicPartition, OffsetAndMetadata> _committed = [];
    private long _dueMs;
    private bool _isCommitting;

    public GroupCommits(
        ConsumerGroup group, ClusterClient cluster, ConsumerOptions options, Assignment assignment, Inbox inbox)
    {
        _group = group;
        _cluster = cluster;
        _options = options;
        _assignment = assignment;
        _inbox = inbox;
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
        _offsets = new GroupOffsets(cluster, options.GroupId!);
        _dueMs = cluster.Runtime.NowMs + (long)options.AutoCommitInterval.TotalMilliseconds;
    }

    public CoordinatorLink Link => _offsets.Link;

    /// <summary>When to commit next without being asked; long.MaxValue: never.</summary>
    public long DueMs => _options.EnableAutoCommit && !_isCommitting ? _dueMs : long.MaxValue;

    /// <summary>The positions of everything that is assigned and was read.</summary>
    public Dictionary<TopicPartition, OffsetAndMetadata> Positions() => _assignment.States
        .Where(state => state.Position >= 0)
        .ToDictionary(
            state => state.Partition,
            state => new OffsetAndMetadata(state.Position, LeaderEpoch: state.PositionEpoch));

    /// <exception cref="KafkaException">It was refused, or nobody knows.</exception>
    public async Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, long deadlineMs, CancellationToken cancellation)
    {
        if (offsets.Count > 0)
        {
            await SendAsync(offsets, deadlineMs, cancellation);
            Remember(offsets);
        }
    }

    /// <summary>What is owned no longer may come back with another's commits.</summary>
    public void Forget(IReadOnlyCollection<TopicPartition> exceptThese)
    {
        foreach (TopicPartition gone in _committed.Keys.Except(exceptThese).ToList())
        {
            _committed.Remove(gone);
        }
    }

    private async Task SendAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, long deadlineMs, CancellationToken cancellation)
    {
        long beganMs = _cluster.Runtime.NowMs;
        string group = _options.GroupId!;
        try
        {
            await SendUntilSettledAsync(offsets, deadlineMs, cancellation);
            ConsumerMetrics.Committed(_options.ClientId, group, _cluster.Runtime.NowMs - beganMs, error: null);
        }
        catch (KafkaException error)
        {
            ConsumerMetrics.Committed(
                _options.ClientId, group, _cluster.Runtime.NowMs - beganMs, ErrorCodes.KafkaName(error.Code));
            ConsumerLog.CommitFailed(_logger, group, offsets.Count, error.Code, error.Message);
            throw;
        }
    }

    private async Task SendUntilSettledAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, long deadlineMs, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            ConsumerGroupMetadata by = _group.Metadata;
            if (_group.IsSubscribed && by.GenerationId < 0)
            {
                throw new KafkaException(
                    ErrorCode.UnknownMemberId,
                    "this consumer is no member of its group now: what it read is read again");
            }

            try
            {
                await _offsets.CommitAsync(offsets, by, deadlineMs, cancellation);
                return;
            }
            catch (KafkaException error) when (error.Code == ErrorCode.StaleMemberEpoch)
            {
                // The next heartbeat brings the epoch that the coordinator has by now (KIP-848).
                await _cluster.PauseAsync(attempt, deadlineMs, error.Message, cancellation);
            }
            catch (KafkaException error)
            {
                _group.OnCommitRefused(error.Code, by);
                throw;
            }
        }
    }

    /// <summary>On the caller's thread alone: what is remembered has no lock.</summary>
    private void Remember(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets)
    {
        foreach ((TopicPartition partition, OffsetAndMetadata offset) in offsets)
        {
            if (_assignment.Find(partition) is not null)
            {
                _committed[partition] = offset;
            }
        }

        foreach (IConsumerInterceptor interceptor in _options.Interceptors)
        {
            ConsumerInterceptors.Call(_logger, interceptor, one => one.OnCommit(offsets));
        }
    }

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, long deadlineMs, CancellationToken cancellation) =>
        _offsets.FetchAsync(
            partitions,
            _group.IsSubscribed && _options.GroupProtocol == GroupProtocol.Consumer
                ? _group.Metadata
                : new ConsumerGroupMetadata(_options.GroupId!),
            deadlineMs, cancellation);

    /// <summary>Commits beside what follows, if it is time to; what comes of it is seen by a later poll.</summary>
    public void CommitWhenDue()
    {
        long nowMs = _cluster.Runtime.NowMs;
        if (nowMs < DueMs)
        {
            return;
        }

        _dueMs = nowMs + (long)_options.AutoCommitInterval.TotalMilliseconds;
        Dictionary<TopicPartition, OffsetAndMetadata> offsets = NotCommitted();
        if (offsets.Count > 0 && !(_group.IsSubscribed && _group.Metadata.GenerationId < 0))
        {
            _isCommitting = true;
            _inbox.Expect(TrySendAsync(offsets, CancellationToken.None), (isSent, _) =>
            {
                _isCommitting = false;
                if (isSent)
                {
                    Remember(offsets);
                }
            });
        }
    }

    /// <summary>Commits what was read before it is given up, as well as that goes: a failure costs no more than that
    /// records
    /// are read twice.</summary>
    public async Task CommitBeforeReleaseAsync(CancellationToken cancellation)
    {
        Dictionary<TopicPartition, OffsetAndMetadata> offsets = _options.EnableAutoCommit ? NotCommitted() : [];
        if (offsets.Count > 0 && await TrySendAsync(offsets, cancellation))
        {
            Remember(offsets);
        }
    }

    private Dictionary<TopicPartition, OffsetAndMetadata> NotCommitted() => Positions()
        .Where(entry => !_committed.TryGetValue(entry.Key, out OffsetAndMetadata last) || last != entry.Value)
        .ToDictionary();

    private async Task<bool> TrySendAsync(
        Dictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellation)
    {
        TimeSpan most = _options.ApiTimeout < _options.MaxPollInterval ? _options.ApiTimeout : _options.MaxPollInterval;
        try
        {
            await SendAsync(offsets, _cluster.Runtime.NowMs + (long)most.TotalMilliseconds, cancellation);
        }
        catch (KafkaException)
        {
            return false; // the membership has been told where it is about that
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        return true;
    }
}
