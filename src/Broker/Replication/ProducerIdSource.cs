using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Replication;

/// <summary>
/// Gives out producer ids, from blocks that the controller hands to this broker and never to another (KIP-730).
/// </summary>
public sealed class ProducerIdSource(ReplicaManager replicas)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly Strand _strand = new();
    private readonly Queue<TaskCompletionSource<long?>> _waiting = new();
    private long _next;
    private long _end;
    private long _spareStart;
    private long _spareEnd;
    private long _refillAt;
    private bool _isAsking;

    /// <summary>A new id; null when the controller gives none in time. Any thread.</summary>
    public Task<long?> NextAsync()
    {
        var waiter = new TaskCompletionSource<long?>();
        _strand.Post(() =>
        {
            _waiting.Enqueue(waiter);
            Serve();
        });
        return waiter.Task;
    }

    private void Serve()
    {
        while (_waiting.Count > 0 && HasId())
        {
            _waiting.Dequeue().SetResult(_next++);
        }

        bool isShort = _spareStart == _spareEnd && (_next >= _refillAt || _waiting.Count > 0);
        if (isShort && !_isAsking)
        {
            _isAsking = true;
            var request = new AllocateProducerIdsRequest
            {
                BrokerId = replicas.Options.BrokerId,
                BrokerEpoch = replicas.BrokerEpoch,
            };
            replicas.Controller(request, 0, s_timeout, reply => _strand.Post(() => OnReply(reply)));
        }
    }

    private bool HasId()
    {
        if (_next == _end)
        {
            (_next, _end) = (_spareStart, _spareEnd);
            _spareStart = _spareEnd = 0;
            _refillAt = _next + ((_end - _next) * 9 / 10);
        }

        return _next < _end;
    }

    private void OnReply(RpcReply reply)
    {
        using (reply)
        {
            _isAsking = false;
            if (reply.Response is AllocateProducerIdsResponse { ErrorCode: ErrorCode.None, ProducerIdLen: > 0 } block)
            {
                _spareStart = block.ProducerIdStart;
                _spareEnd = block.ProducerIdStart + block.ProducerIdLen;
                Serve();
                return;
            }

            string why = reply.Response is AllocateProducerIdsResponse { ErrorCode: var error }
                ? error.ToString()
                : reply.Status.ToString();
            ReplicationLog.NoProducerIds(replicas.Logger, why);
            while (_waiting.TryDequeue(out TaskCompletionSource<long?>? waiter))
            {
                waiter.SetResult(null);
            }
        }
    }
}
