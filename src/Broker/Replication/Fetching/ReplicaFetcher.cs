using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>
/// Fetches from one leader broker for all partitions that follow it: one request at a time, the next one as soon as
/// the last answer is in the logs. What comes up while an answer is on its way comes with the next one, together.
/// </summary>
internal sealed class ReplicaFetcher : IDisposable
{
    private const short MaxFetchVersion = 18;
    private const int ThrottlePauseMs = 200;

    private readonly int _leaderId;
    private readonly FetcherServices _services;
    private readonly Strand _strand;
    private readonly Dictionary<(Uuid TopicId, int Index), FetchedPartition> _partitions = [];
    private readonly List<FetchedPartition> _listed = [];
    private readonly FollowerSession _session = new();
    private readonly ITimer _retry;
    private IRpcChannel? _channel;
    private bool _isBusy;
    private bool _isHeld;
    private bool _hadBreak;
    private bool _isClosed;

    public ReplicaFetcher(int leaderId, FetcherServices services)
    {
        _leaderId = leaderId;
        _services = services;
        _strand = new Strand { Faulted = services.Fault };
        _retry = services.Time.CreateTimer(
            static state =>
            {
                var fetcher = (ReplicaFetcher)state!;
                fetcher._strand.Post(fetcher.OnRetry);
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public void Add(Partition partition, int leaderEpoch) => _strand.Post(() =>
    {
        var fetched = new FetchedPartition(partition, leaderEpoch);
        Drop(fetched.Key);
        _partitions.Add(fetched.Key, fetched);
        List(fetched);
        Pump();
    });

    public void Remove(Partition partition) =>
        _strand.Post(() => Drop((partition.TopicId, partition.TopicPartition.Partition)));

    /// <summary>The leader may listen elsewhere, or may have come back.</summary>
    public void Hurry() => _strand.Post(() =>
    {
        if (_isHeld)
        {
            OnRetry();
        }
    });

    public void Dispose() => _strand.Post(() =>
    {
        _isClosed = true;
        _partitions.Clear();
        _retry.Dispose();
        _channel?.Dispose();
    });

    private void Drop((Uuid, int) key)
    {
        if (_partitions.Remove(key, out FetchedPartition? old))
        {
            old.IsRemoved = true;
            _session.Forget(old);
        }
    }

    private void List(FetchedPartition partition)
    {
        if (!partition.IsListed && !partition.IsRemoved)
        {
            partition.IsListed = true;
            _listed.Add(partition);
        }
    }

    private void Pump()
    {
        if (_isBusy || _isHeld || _isClosed || _partitions.Count == 0)
        {
            return;
        }

        long brokerEpoch = _services.BrokerEpoch();
        if (brokerEpoch < 0 || _services.EndpointOf(_leaderId) is not { } endpoint)
        {
            Hold();
            return;
        }

        if (_channel is null || _channel.Target != endpoint)
        {
            _channel?.Dispose();
            _channel = _services.Transport.Open(endpoint, "replication");
            StartSession();
        }

        HoldBack();
        ReplicationOptions options = _services.Options;
        var request = new FetchRequest
        {
            ReplicaState = new FetchRequest.ReplicaStateValue
            {
                ReplicaId = options.BrokerId,
                ReplicaEpoch = brokerEpoch,
            },
            MaxWaitMs = options.ReplicaFetchWaitMaxMs,
            MinBytes = options.ReplicaFetchMinBytes,
            MaxBytes = options.ReplicaFetchResponseMaxBytes,
        };
        _session.Fill(request, _listed, options.ReplicaFetchMaxBytes);
        _listed.Clear();
        if (!_partitions.Values.Any(static partition => partition.IsInSession))
        {
            _session.Reset(_partitions.Values);
            return;
        }

        _isBusy = true;
        TimeSpan timeout = TimeSpan.FromMilliseconds(options.ReplicaSocketTimeoutMs);
        _channel.Send(request, MaxFetchVersion, timeout, reply => _strand.Post(
            static (fetcher, reply) => ((ReplicaFetcher)fetcher!).OnReply((RpcReply)reply!), this, reply));
    }

    /// <summary>Leaves out what has to wait for its throttle, and has not caught up (KIP-73).</summary>
    private void HoldBack()
    {
        for (int i = _listed.Count - 1; i >= 0; i--)
        {
            FetchedPartition fetched = _listed[i];
            if (!fetched.IsPaused && _services.Throttle.Covers(fetched.Partition.TopicPartition)
                && !fetched.IsCaughtUp && _services.Throttle.IsExceeded(_services.Time.MonotonicMs()))
            {
                fetched.IsPaused = true;
                ResumeLater(fetched, ThrottlePauseMs);
            }
        }
    }

    private void OnReply(RpcReply reply)
    {
        if (_isClosed)
        {
            reply.Dispose();
            return;
        }

        if (reply.Response is not FetchResponse response)
        {
            OnUnreachable(reply.Status);
            reply.Dispose();
            return;
        }

        _hadBreak = false;
        if (response.ErrorCode != ErrorCode.None)
        {
            ReplicationLog.SessionLost(_services.Logger, _leaderId, response.ErrorCode);
            bool isSessionError = response.ErrorCode is ErrorCode.FetchSessionIdNotFound
                or ErrorCode.InvalidFetchSessionEpoch or ErrorCode.FetchSessionTopicIdError;
            reply.Dispose();
            StartSession();
            GoOn(isAtOnce: isSessionError);
            return;
        }

        _session.Accepted(response.SessionId);
        var round = new FetchRound(
            ended => _strand.Post(
                static (fetcher, round) => ((ReplicaFetcher)fetcher!).OnRoundEnded((FetchRound)round!), this, ended),
            reply);
        foreach (FetchResponse.FetchableTopicResponse topic in response.Responses)
        {
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                if (_partitions.TryGetValue((topic.TopicId, data.PartitionIndex), out FetchedPartition? fetched)
                    && fetched.IsInSession)
                {
                    Take(round, fetched, data);
                }
            }
        }

        round.Run();
    }

    private void Take(FetchRound round, FetchedPartition fetched, FetchResponse.PartitionData data)
    {
        switch (data.ErrorCode)
        {
            case ErrorCode.None:
                fetched.LeaderHighWatermark = data.HighWatermark;
                if (_services.Throttle.Covers(fetched.Partition.TopicPartition))
                {
                    _services.Throttle.Record(data.Records?.Length ?? 0, _services.Time.MonotonicMs());
                }

                round.Add(new FollowerStep(fetched, data, round, _services.Logger));
                break;
            case ErrorCode.OffsetOutOfRange:
                Pause(fetched);
                new RangeLookup(fetched, _channel!, _services, Resume).Start();
                break;
            default:
                Refuse(fetched, data.ErrorCode);
                break;
        }
    }

    private void Refuse(FetchedPartition fetched, ErrorCode error)
    {
        ReplicationLog.FetchRefused(_services.Logger, fetched.Partition.TopicPartition, _leaderId, error);
        bool mayEndSoon = error is ErrorCode.NotLeaderOrFollower or ErrorCode.UnknownLeaderEpoch
            or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.FencedLeaderEpoch;

        // Mostly one of the two nodes has not heard of the new term yet; the metadata will bring it.
        Pause(fetched);
        ReplicationOptions options = _services.Options;
        ResumeLater(fetched, mayEndSoon ? options.UnreachableRetryMs : options.ReplicaFetchBackoffMs);
    }

    private void Pause(FetchedPartition fetched)
    {
        fetched.IsPaused = true;
        List(fetched);
    }

    private void ResumeLater(FetchedPartition fetched, int delayMs)
    {
        ITimer? timer = null;
        timer = _services.Time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                Resume(fetched);
            },
            null,
            TimeSpan.FromMilliseconds(delayMs),
            Timeout.InfiniteTimeSpan);
    }

    private void Resume(FetchedPartition fetched) => _strand.Post(() =>
    {
        fetched.IsPaused = false;
        List(fetched);
        Pump();
    });

    private void OnRoundEnded(FetchRound round)
    {
        round.Dispose();
        foreach (FollowerStep step in round.Steps)
        {
            if (step.Error == ErrorCode.None)
            {
                List(step.Fetched);
            }
            else
            {
                Refuse(step.Fetched, step.Error);
            }
        }

        GoOn(isAtOnce: true);
    }

    private void OnUnreachable(RpcStatus status)
    {
        ReplicationLog.LeaderUnreachable(_services.Logger, _leaderId, status);
        StartSession();
        bool isAtOnce = status == RpcStatus.Disconnected && !_hadBreak;
        _hadBreak = true;
        GoOn(isAtOnce);
    }

    private void StartSession()
    {
        _session.Reset(_partitions.Values);
        foreach (FetchedPartition partition in _partitions.Values)
        {
            List(partition);
        }
    }

    private void GoOn(bool isAtOnce)
    {
        _isBusy = false;
        if (isAtOnce)
        {
            Pump();
        }
        else
        {
            Hold();
        }
    }

    private void Hold()
    {
        _isHeld = true;
        _retry.Change(TimeSpan.FromMilliseconds(_services.Options.UnreachableRetryMs), Timeout.InfiniteTimeSpan);
    }

    private void OnRetry()
    {
        _isHeld = false;
        Pump();
    }
}
