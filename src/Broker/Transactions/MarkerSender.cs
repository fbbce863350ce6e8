using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Transactions;

/// <summary>Sends markers to the leaders of their partitions, those of many transactions in one request.</summary>
/// <remarks>One request at a time to a broker; what could not be written is tried again with the leader of then.
/// </remarks>
internal sealed class MarkerSender : ITransactionMarkers, IDisposable
{
    private const int MaxMarkersPerRequest = 1000;

    private static readonly TimeSpan RetryBackoff = TimeSpan.FromMilliseconds(50);

    private readonly MarkerSenderSettings _settings;
    private readonly Strand _strand;
    private readonly ITimer _timer;
    private readonly HashSet<Delivery> _deliveries = [];
    private readonly SortedDictionary<int, Queue<Part>> _waiting = [];
    private readonly HashSet<int> _busy = [];
    private List<Part> _later = [];
    private bool _isTimerSet;
    private bool _isClosed;

    public MarkerSender(MarkerSenderSettings settings)
    {
        _settings = settings;
        _strand = new Strand { Faulted = settings.Fault };
        _timer = settings.Time.CreateTimer(
            _ => _strand.Post(Retry), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Send(MarkerJob job) => _strand.Post(() =>
    {
        var delivery = new Delivery(job, [.. job.Prepared.Partitions]);
        _deliveries.Add(delivery);
        Route(new Part(delivery, [.. job.Prepared.Partitions]));
        Pump();
    });

    public void Cancel(int coordinatorPartition, int coordinatorEpoch) => _strand.Post(() =>
        _deliveries.RemoveWhere(delivery => delivery.Job.CoordinatorPartition == coordinatorPartition
            && delivery.Job.CoordinatorEpoch <= coordinatorEpoch));

    public void Dispose()
    {
        _strand.Post(() =>
        {
            _isClosed = true;
            _deliveries.Clear();
        });
        _timer.Dispose();
    }

    /// <summary>Hands each partition to its leader's queue. A partition that is gone needs no marker.</summary>
    private void Route(Part part)
    {
        MetadataImage image = _settings.Image();
        SortedDictionary<int, List<TopicPartition>> byLeader = [];
        foreach (TopicPartition partition in part.Partitions)
        {
            if (image.Topics.Partition(partition.Topic, partition.Partition) is not { } registration)
            {
                Settle(part.Delivery, partition);
            }
            else
            {
                bool isAlive = image.Cluster.Broker(registration.Leader) is { IsFenced: false };
                int leader = isAlive ? registration.Leader : -1;
                if (!byLeader.TryGetValue(leader, out List<TopicPartition>? partitions))
                {
                    byLeader.Add(leader, partitions = []);
                }

                partitions.Add(partition);
            }
        }

        foreach ((int leader, List<TopicPartition> partitions) in byLeader)
        {
            var routed = new Part(part.Delivery, partitions);
            if (leader < 0)
            {
                Postpone(routed);
                continue;
            }

            if (!_waiting.TryGetValue(leader, out Queue<Part>? queue))
            {
                _waiting.Add(leader, queue = new Queue<Part>());
            }

            queue.Enqueue(routed);
        }
    }

    private void Pump()
    {
        foreach ((int broker, Queue<Part> queue) in _waiting)
        {
            if (queue.Count == 0 || _isClosed || !_busy.Add(broker))
            {
                continue;
            }

            List<Part> parts = [];
            while (parts.Count < MaxMarkersPerRequest && queue.TryDequeue(out Part? part))
            {
                if (_deliveries.Contains(part.Delivery))
                {
                    parts.Add(part);
                }
            }

            if (parts.Count == 0)
            {
                _busy.Remove(broker);
                continue;
            }

            _settings.Send(broker, RequestOf(parts), response => _strand.Post(() => OnAnswer(broker, parts, response)));
        }
    }

    private static WriteTxnMarkersRequest RequestOf(List<Part> parts)
    {
        var request = new WriteTxnMarkersRequest();
        foreach (Part part in parts)
        {
            MarkerJob job = part.Delivery.Job;
            request.Markers.Add(new WriteTxnMarkersRequest.WritableTxnMarker
            {
                ProducerId = job.Prepared.ProducerId,
                ProducerEpoch = job.Prepared.ProducerEpoch,
                TransactionResult = job.IsCommit,
                CoordinatorEpoch = job.CoordinatorEpoch,
                TransactionVersion = (sbyte)job.Prepared.ClientVersion,
                Topics =
                [
                    .. part.Partitions.GroupBy(static partition => partition.Topic).Select(
                        static topic => new WriteTxnMarkersRequest.WritableTxnMarkerTopic
                        {
                            Name = topic.Key,
                            PartitionIndexes = [.. topic.Select(static partition => partition.Partition)],
                        }),
                ],
            });
        }

        return request;
    }

    /// <param name="response">Null when there was none: nobody knows what was written, so all is sent again.</param>
    private void OnAnswer(int broker, List<Part> parts, WriteTxnMarkersResponse? response)
    {
        _busy.Remove(broker);
        Dictionary<(long Producer, TopicPartition Partition), ErrorCode> errors = [];
        foreach (WriteTxnMarkersResponse.WritableTxnMarkerResult marker in response?.Markers ?? [])
        {
            foreach (WriteTxnMarkersResponse.WritableTxnMarkerTopicResult topic in marker.Topics)
            {
                foreach (WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult result in topic.Partitions)
                {
                    errors[(marker.ProducerId, new TopicPartition(topic.Name, result.PartitionIndex))] =
                        result.ErrorCode;
                }
            }
        }

        foreach (Part part in parts)
        {
            TakeIn(part, partition => errors.GetValueOrDefault(
                (part.Delivery.Job.Prepared.ProducerId, partition), ErrorCode.NetworkException));
        }

        Pump();
    }

    private void TakeIn(Part part, Func<TopicPartition, ErrorCode> errorOf)
    {
        List<TopicPartition> again = [];
        foreach (TopicPartition partition in part.Partitions)
        {
            ErrorCode error = errorOf(partition);
            if (error == ErrorCode.None)
            {
                Settle(part.Delivery, partition);
            }
            else if (error is ErrorCode.InvalidProducerEpoch or ErrorCode.TransactionCoordinatorFenced)
            {
                // Another coordinator, or a later epoch of the producer, has gone beyond this transaction.
                MarkerJob job = part.Delivery.Job;
                TransactionLog.Overtaken(
                    _settings.Logger, job.Prepared.TransactionalId, job.Prepared.ProducerEpoch, partition, error);
                _deliveries.Remove(part.Delivery);
                return;
            }
            else
            {
                again.Add(partition);
            }
        }

        if (again.Count > 0)
        {
            Postpone(new Part(part.Delivery, again));
        }
    }

    private void Settle(Delivery delivery, TopicPartition partition)
    {
        delivery.Open.Remove(partition);
        if (delivery.Open.Count == 0 && _deliveries.Remove(delivery))
        {
            delivery.Job.Finished();
        }
    }

    private void Postpone(Part part)
    {
        _later.Add(part);
        if (!_isTimerSet && !_isClosed)
        {
            _isTimerSet = true;
            _timer.Change(RetryBackoff, Timeout.InfiniteTimeSpan);
        }
    }

    private void Retry()
    {
        _isTimerSet = false;
        List<Part> parts = _later;
        _later = [];
        foreach (Part part in parts)
        {
            if (_deliveries.Contains(part.Delivery))
            {
                Route(part);
            }
        }

        Pump();
    }

    /// <summary>A job, with the partitions that still lack their marker.</summary>
    private sealed class Delivery(MarkerJob job, HashSet<TopicPartition> open)
    {
        public MarkerJob Job => job;

        public HashSet<TopicPartition> Open => open;
    }

    private sealed record Part(Delivery Delivery, List<TopicPartition> Partitions);
}
