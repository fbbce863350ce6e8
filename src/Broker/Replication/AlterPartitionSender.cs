using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>
/// Brings ISR proposals to the controller: one request at a time, with everything that has come up since the last.
/// </summary>
internal sealed class AlterPartitionSender : IDisposable
{
    private const short MaxVersion = 3;
    private const int RetryMs = 50;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly Strand _strand;
    private readonly ControllerSend _send;
    private readonly IReplicaEligibility _brokers;
    private readonly int _brokerId;
    private readonly ILogger _logger;
    private readonly ITimer _retry;
    private readonly SortedDictionary<TopicPartition, (Partition Partition, IsrProposal Proposal)> _queued = [];
    private bool _isUnderWay;
    private bool _isClosed;

    public AlterPartitionSender(
        int brokerId, ControllerSend send, IReplicaEligibility brokers, TimeProvider time, ILogger logger,
        Action<Exception> fault)
    {
        _brokerId = brokerId;
        _send = send;
        _brokers = brokers;
        _logger = logger;
        _strand = new Strand { Faulted = fault };
        _retry = time.CreateTimer(
            static state =>
            {
                var sender = (AlterPartitionSender)state!;
                sender._strand.Post(sender.OnRetry);
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any thread. A later proposal of the same partition takes the place of a queued one.</summary>
    public void Submit(Partition partition, IsrProposal proposal, bool isRetry) => _strand.Post(() =>
    {
        _queued[partition.TopicPartition] = (partition, proposal);
        if (isRetry)
        {
            // What failed once is not asked again at once: the answer may depend on metadata still under way.
            Delay();
        }
        else
        {
            SendQueued();
        }
    });

    public void Dispose() => _strand.Post(() =>
    {
        _isClosed = true;
        _queued.Clear();
        _retry.Dispose();
    });

    private void Delay()
    {
        if (!_isClosed && !_isUnderWay)
        {
            _isUnderWay = true;
            _retry.Change(TimeSpan.FromMilliseconds(RetryMs), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnRetry()
    {
        _isUnderWay = false;
        SendQueued();
    }

    private void SendQueued()
    {
        if (_isUnderWay || _isClosed || _queued.Count == 0)
        {
            return;
        }

        _isUnderWay = true;
        (Partition Partition, IsrProposal Proposal)[] sent = [.. _queued.Values];
        _queued.Clear();
        _send(RequestOf(sent), MaxVersion, s_timeout, reply => _strand.Post(() => OnReply(sent, reply)));
    }

    private AlterPartitionRequest RequestOf((Partition Partition, IsrProposal Proposal)[] sent)
    {
        var request = new AlterPartitionRequest { BrokerId = _brokerId, BrokerEpoch = _brokers.LocalBrokerEpoch };
        foreach (var byTopic in sent.GroupBy(entry => entry.Partition.TopicId).OrderBy(group => group.Key))
        {
            var topic = new AlterPartitionRequest.TopicData { TopicId = byTopic.Key };
            foreach ((Partition partition, IsrProposal proposal) in byTopic)
            {
                topic.Partitions.Add(new AlterPartitionRequest.PartitionData
                {
                    PartitionIndex = partition.TopicPartition.Partition,
                    LeaderEpoch = proposal.LeaderEpoch,
                    PartitionEpoch = proposal.PartitionEpoch,
                    NewIsrWithEpochs =
                    [
                        .. proposal.NewIsr.Select(member => new AlterPartitionRequest.BrokerState
                        {
                            BrokerId = member.BrokerId,
                            BrokerEpoch = member.BrokerEpoch,
                        }),
                    ],
                });
            }

            request.Topics.Add(topic);
        }

        return request;
    }

    private void OnReply((Partition Partition, IsrProposal Proposal)[] sent, RpcReply reply)
    {
        using (reply)
        {
            _isUnderWay = false;
            if (reply.Response is not AlterPartitionResponse response || response.ErrorCode != ErrorCode.None)
            {
                string why = reply.Response is AlterPartitionResponse { ErrorCode: var error }
                    ? error.ToString()
                    : reply.Status.ToString();
                ReplicationLog.AlterPartitionFailed(_logger, why, sent.Length);
                foreach ((Partition partition, IsrProposal proposal) in sent)
                {
                    _queued.TryAdd(partition.TopicPartition, (partition, proposal));
                }

                Delay();
                return;
            }

            Dictionary<(Uuid, int), AlterPartitionResponse.PartitionData> answers = [];
            foreach (AlterPartitionResponse.TopicData topic in response.Topics)
            {
                foreach (AlterPartitionResponse.PartitionData data in topic.Partitions)
                {
                    answers[(topic.TopicId, data.PartitionIndex)] = data;
                }
            }

            foreach ((Partition partition, IsrProposal proposal) in sent)
            {
                (Uuid, int) key = (partition.TopicId, partition.TopicPartition.Partition);
                partition.Answered(proposal, answers.TryGetValue(key, out var data)
                    ? AnswerOf(data)
                    : IsrAnswer.Failed(ErrorCode.UnknownServerError));
            }
        }

        SendQueued();
    }

    private static IsrAnswer AnswerOf(AlterPartitionResponse.PartitionData data) => data.ErrorCode == ErrorCode.None
        ? new IsrAnswer(ErrorCode.None, data.LeaderId, data.LeaderEpoch, data.PartitionEpoch, [.. data.Isr])
        : IsrAnswer.Failed(data.ErrorCode);
}
