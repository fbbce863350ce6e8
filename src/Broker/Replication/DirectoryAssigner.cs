using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>Tells the controller in which directory replicas lie (AssignReplicasToDirs, KIP-858): one request at a
/// time, with everything that has come up since the last, until it is taken.</summary>
internal sealed class DirectoryAssigner : IDisposable
{
    private const int MostInOneRequest = 2250;
    private const int RetryMs = 100;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly int _brokerId;
    private readonly ControllerSend _send;
    private readonly Func<long> _brokerEpoch;
    private readonly ILogger _logger;
    private readonly Strand _strand;
    private readonly ITimer _retry;
    private readonly SortedDictionary<(Uuid TopicId, int Partition), Uuid> _queued = [];
    private bool _isUnderWay;
    private bool _isClosed;

    public DirectoryAssigner(
        int brokerId, ControllerSend send, Func<long> brokerEpoch, TimeProvider time, ILogger logger,
        Action<Exception> fault)
    {
        _brokerId = brokerId;
        _send = send;
        _brokerEpoch = brokerEpoch;
        _logger = logger;
        _strand = new Strand { Faulted = fault };
        _retry = time.CreateTimer(
            static state => ((DirectoryAssigner)state!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any thread. A later directory of the same replica takes the place of a queued one.</summary>
    public void Assign(Uuid topicId, int partition, Uuid directory) => _strand.Post(() =>
    {
        _queued[(topicId, partition)] = directory;
        SendQueued();
    });

    public void Dispose() => _strand.Post(() =>
    {
        _isClosed = true;
        _retry.Dispose();
    });

    private void OnTimer() => _strand.Post(() =>
    {
        _isUnderWay = false;
        SendQueued();
    });

    private void SendQueued()
    {
        if (_isUnderWay || _isClosed || _queued.Count == 0)
        {
            return;
        }

        _isUnderWay = true;
        KeyValuePair<(Uuid TopicId, int Partition), Uuid>[] sent = [.. _queued.Take(MostInOneRequest)];
        var request = new AssignReplicasToDirsRequest { BrokerId = _brokerId, BrokerEpoch = _brokerEpoch() };
        foreach (var byDirectory in sent.GroupBy(static entry => entry.Value).OrderBy(static group => group.Key))
        {
            var directory = new AssignReplicasToDirsRequest.DirectoryData { Id = byDirectory.Key };
            foreach (var byTopic in byDirectory.GroupBy(static entry => entry.Key.TopicId))
            {
                directory.Topics.Add(new AssignReplicasToDirsRequest.TopicData
                {
                    TopicId = byTopic.Key,
                    Partitions =
                    [
                        .. byTopic.Select(static entry => new AssignReplicasToDirsRequest.PartitionData
                        {
                            PartitionIndex = entry.Key.Partition,
                        }),
                    ],
                });
            }

            request.Directories.Add(directory);
        }

        _send(request, AssignReplicasToDirsRequest.HighestVersion, s_timeout,
            reply => _strand.Post(() => OnReply(sent, reply)));
    }

    private void OnReply(KeyValuePair<(Uuid TopicId, int Partition), Uuid>[] sent, RpcReply reply)
    {
        using (reply)
        {
            if (reply.Response is not AssignReplicasToDirsResponse response || response.ErrorCode != ErrorCode.None)
            {
                string why = reply.Response is AssignReplicasToDirsResponse { ErrorCode: var error }
                    ? error.ToString()
                    : reply.Status.ToString();
                ReplicationLog.DirectoriesNotAssigned(_logger, why, sent.Length);
                if (!_isClosed)
                {
                    _retry.Change(TimeSpan.FromMilliseconds(RetryMs), Timeout.InfiniteTimeSpan);
                }

                return;
            }
        }

        // A partition that is refused is one that this broker has no replica of any more.
        foreach ((var replica, Uuid directory) in sent)
        {
            if (_queued.TryGetValue(replica, out Uuid now) && now == directory)
            {
                _queued.Remove(replica);
            }
        }

        _isUnderWay = false;
        SendQueued();
    }
}
