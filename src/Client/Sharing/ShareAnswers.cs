using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Sharing;

/// <summary>Takes in what brokers answer to a member of a share group.</summary>
internal sealed class ShareAnswers
{
    private readonly ClusterClient _cluster;
    private readonly ShareConsumerOptions _options;
    private readonly ShareAssignment _assignment;
    private readonly HeldRecords _held;
    private readonly MetadataWants _metadata;
    private readonly ILogger _logger;
    private readonly Func<SharedPartition, long, AckRun?> _takeBack;
    private readonly Queue<AcknowledgementOutcome> _outcomes = [];
    private KafkaException? _failure;

    /// <param name="cluster">Metadata, time and chance.</param>
    /// <param name="options">Of the consumer.</param>
    /// <param name="assignment">Told what fails.</param>
    /// <param name="held">Given what is acquired.</param>
    /// <param name="metadata">Told when it is old.</param>
    /// <param name="takeBack">Takes out what is to be said of a record and has not been yet.</param>
    public ShareAnswers(
        ClusterClient cluster, ShareConsumerOptions options, ShareAssignment assignment, HeldRecords held,
        MetadataWants metadata, Func<SharedPartition, long, AckRun?> takeBack)
    {
        (_cluster, _options, _assignment, _held, _metadata) = (cluster, options, assignment, held, metadata);
        _takeBack = takeBack;
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
    }

    /// <summary>As the brokers last said; null before they have.</summary>
    public int? LockTimeoutMs { get; private set; }

    public bool TryTakeOutcome(out AcknowledgementOutcome? outcome) => _outcomes.TryDequeue(out outcome);

    /// <summary>Something that the caller must hear of.</summary>
    public void ThrowFailure()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>None of these acknowledgements counts.</summary>
    public void Fail(Acknowledgements said, ErrorCode error, string? message)
    {
        foreach (SharedPartition partition in said.Partitions)
        {
            Judge(partition, said, error, message);
        }
    }

    public void HandleFetched(ShareNode node, HashSet<SharedPartition> wanted, BrokerResponse response)
    {
        Acknowledgements said = node.Said;
        (node.IsBusy, node.IsFetching, node.Said) = (false, false, new Acknowledgements());
        using (response)
        {
            ErrorCode error = response.Message is ShareFetchResponse given ? given.ErrorCode : response.TransportError;
            if (error != ErrorCode.None || response.Message is not ShareFetchResponse answer)
            {
                string? reason = (response.Message as ShareFetchResponse)?.ErrorMessage ?? response.Reason;
                ConsumerLog.FetchFailed(_logger, node.Id, error, reason);
                Fail(said, error, reason);
                Lose(node, error, reason);
                return;
            }

            Proceed(node, answer.AcquisitionLockTimeoutMs);
            foreach (ShareFetchResponse.ShareFetchableTopicResponse topic in answer.Responses)
            {
                foreach (ShareFetchResponse.PartitionData part in topic.Partitions)
                {
                    if (Find(topic.TopicId, part.PartitionIndex, wanted, said) is { } partition)
                    {
                        Judge(partition, said, (ErrorCode)part.AcknowledgeErrorCode, part.AcknowledgeErrorMessage);
                        Take(node, partition, part, answer);
                    }
                }
            }

            JudgeUnanswered(said, answer.Responses.SelectMany(topic => topic.Partitions.Select(
                part => (topic.TopicId, part.PartitionIndex))));
        }
    }

    public void HandleAcknowledged(ShareNode node, Acknowledgements said, BrokerResponse response)
    {
        (node.IsBusy, node.Said) = (false, new Acknowledgements());
        using (response)
        {
            ErrorCode error =
                response.Message is ShareAcknowledgeResponse given ? given.ErrorCode : response.TransportError;
            if (error != ErrorCode.None || response.Message is not ShareAcknowledgeResponse answer)
            {
                string? reason = (response.Message as ShareAcknowledgeResponse)?.ErrorMessage ?? response.Reason;
                Fail(said, error, reason);
                if (response.Status != ResponseStatus.UnsupportedVersion)
                {
                    Lose(node, error, reason);
                }

                return;
            }

            if (node.Session.IsOpen)
            {
                Proceed(node, answer.AcquisitionLockTimeoutMs);
            }

            foreach (ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse topic in answer.Responses)
            {
                foreach (ShareAcknowledgeResponse.PartitionData part in topic.Partitions)
                {
                    if (Find(topic.TopicId, part.PartitionIndex, [], said) is not { } partition)
                    {
                        continue;
                    }

                    Judge(partition, said, part.ErrorCode, part.ErrorMessage);
                    if (part.ErrorCode is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch)
                    {
                        _metadata.Want();
                    }
                }
            }

            JudgeUnanswered(said, answer.Responses.SelectMany(topic => topic.Partitions.Select(
                part => (topic.TopicId, part.PartitionIndex))));
        }
    }

    private static SharedPartition? Find(
        Uuid topicId, int index, HashSet<SharedPartition> wanted, Acknowledgements said)
    {
        foreach (SharedPartition partition in wanted.Concat(said.Partitions))
        {
            if (partition.TopicId == topicId && partition.Name.Partition == index)
            {
                return partition;
            }
        }

        return null;
    }

    /// <summary>An answer that leaves out what was said does not say that it counts.</summary>
    private void JudgeUnanswered(Acknowledgements said, IEnumerable<(Uuid TopicId, int Index)> answered)
    {
        HashSet<(Uuid, int)> known = [.. answered];
        foreach (SharedPartition partition in said.Partitions.Where(
            partition => !known.Contains((partition.TopicId, partition.Name.Partition))))
        {
            Judge(partition, said, ErrorCode.UnknownServerError, "the broker's answer leaves it out");
        }
    }

    private void Judge(SharedPartition partition, Acknowledgements said, ErrorCode error, string? message)
    {
        IReadOnlyList<long> offsets = said.OffsetsOf(partition);
        if (offsets.Count == 0)
        {
            return;
        }

        KafkaException? failure = error == ErrorCode.None ? null : new KafkaException(error, message);
        ConsumerMetrics.Acknowledged(
            _options.ClientId, partition.Name.Topic, offsets.Count,
            failure is null ? null : ErrorCodes.KafkaName(error));
        if (failure is not null)
        {
            ConsumerLog.AcknowledgementFailed(_logger, partition.Name, offsets.Count, error, failure.Message);
        }
        else
        {
            Prolong(partition, said);
        }

        _outcomes.Enqueue(new AcknowledgementOutcome(partition.Name, offsets, failure));
    }

    private void Prolong(SharedPartition partition, Acknowledgements said)
    {
        long untilMs = _cluster.Runtime.NowMs + (LockTimeoutMs ?? 0);
        foreach (AckRun run in said.RunsOf(partition).Where(run => run.Type == (sbyte)AcknowledgeType.Renew))
        {
            for (long offset = run.First; offset <= run.Last; offset++)
            {
                if (_held.Find(partition.Name, offset) is { } held)
                {
                    held.LockedUntilMs = untilMs;
                }
            }
        }
    }

    private void Proceed(ShareNode node, int lockTimeoutMs)
    {
        node.Session.Proceed();
        node.Failures = 0;
        LockTimeoutMs = lockTimeoutMs > 0 ? lockTimeoutMs : LockTimeoutMs;
    }

    /// <summary>A request failed as a whole: with its session the broker gives back what was held.</summary>
    private void Lose(ShareNode node, ErrorCode error, string? reason)
    {
        ConsumerLog.SessionLost(_logger, node.Id, error);
        node.Session.Lose();
        _held.DropReady(node.Id);
        _metadata.Want();
        if (error is not (ErrorCode.ShareSessionNotFound or ErrorCode.InvalidShareSessionEpoch) || node.Failures > 0)
        {
            node.RetryAtMs = _cluster.Runtime.NowMs + BackoffMs(node.Failures + 1);
        }

        node.Failures++;
        if (!ErrorCodes.IsRetriable(error)
            && error is not (ErrorCode.ShareSessionNotFound or ErrorCode.InvalidShareSessionEpoch))
        {
            _failure ??= new KafkaException(error, reason);
        }
    }

    private void Take(
        ShareNode node, SharedPartition partition, ShareFetchResponse.PartitionData part, ShareFetchResponse answer)
    {
        switch (part.ErrorCode)
        {
            case ErrorCode.None:
                _assignment.Succeeded(partition.Name);
                TakeRecords(node, partition, part);
                break;
            case ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.LeaderNotAvailable
                or ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError:
                ConsumerLog.FetchRefused(_logger, partition.Name, part.ErrorCode);
                LearnLeader(partition.Name, part, answer);
                _metadata.Want();
                _assignment.Failed(partition.Name, BackoffMs, _cluster.Runtime.NowMs);
                break;
            default:
                ConsumerLog.FetchRefused(_logger, partition.Name, part.ErrorCode);
                _assignment.Failed(partition.Name, BackoffMs, _cluster.Runtime.NowMs);
                if (!ErrorCodes.IsRetriable(part.ErrorCode))
                {
                    _failure ??= new KafkaException(
                        part.ErrorCode,
                        $"{partition.Name}: {part.ErrorMessage ?? ErrorCodes.Message(part.ErrorCode)}");
                }

                break;
        }
    }

    private void TakeRecords(ShareNode node, SharedPartition partition, ShareFetchResponse.PartitionData part)
    {
        AcquiredRecords acquired = new(partition.Name, part, _options.CheckCrcs);
        long untilMs = LockTimeoutMs is { } lockMs ? _cluster.Runtime.NowMs + lockMs : long.MaxValue;
        foreach (ConsumerRecord record in acquired.Records)
        {
            // What the application has just said of it is meant, though the lock was lost and won again meanwhile,
            // perhaps from another leader.
            AckRun? said = _takeBack(partition, record.Offset);
            if (said is { } run)
            {
                node.Staged.Add(partition, run);
            }

            if (said is null or { Type: (sbyte)AcknowledgeType.Renew })
            {
                _held.Acquire(partition, record, node.Id, untilMs);
            }
        }

        foreach (AckRun run in acquired.WithoutRecord)
        {
            node.Staged.Add(partition, run);
        }

        ConsumerMetrics.Received(
            _options.ClientId, partition.Name.Topic, part.Records.Length);
        if (acquired.CorruptAt is { } offset)
        {
            _failure ??= new KafkaException(
                ErrorCode.CorruptMessage, $"{partition.Name}: the batch at offset {offset} cannot be read; its "
                    + "records are rejected");
        }
    }

    private void LearnLeader(
        TopicPartition partition, ShareFetchResponse.PartitionData part, ShareFetchResponse answer)
    {
        if (part.CurrentLeader is { LeaderId: >= 0 } leader)
        {
            ShareFetchResponse.NodeEndpoint? endpoint =
                answer.NodeEndpoints.Find(node => node.NodeId == leader.LeaderId);
            _cluster.LearnLeader(
                partition, leader.LeaderId, leader.LeaderEpoch,
                endpoint is null ? null : new BrokerNode(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        }
    }

    private long BackoffMs(int failures) => (long)_cluster.Chance.Backoff(
        _options.RetryBackoff, _options.RetryBackoffMax, failures).TotalMilliseconds;
}
