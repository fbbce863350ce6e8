using KRaftSharp.Broker.Transactions;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>A client with the one transactional id, as clients of transactions v2 behave: one request at a time, sent
/// again when no answer comes; given up when it is fenced, and started anew.</summary>
internal sealed class ModelProducer(TransactionWorld world)
{
    public const string Id = "x";

    private readonly Dictionary<int, int> _sequences = [];
    private long _producerId = -1;
    private short _epoch = -1;
    private int _turn;
    private bool _isWaiting;
    private ModelTransaction? _open;
    private Action? _pending;

    private ProducerRequest Self => new(Id, _producerId, _epoch);

    /// <summary>Does the next thing; or the last one again when its answer is late.</summary>
    public void Step()
    {
        if (_isWaiting)
        {
            if (world.Chance.Below(4) == 0)
            {
                _pending!();
            }

            return;
        }

        if (_producerId < 0)
        {
            Request(Initialize);
        }
        else if (_open is null)
        {
            _open = world.Begin();
        }
        else if (world.Chance.Below(3) > 0)
        {
            Produce(world.Chance.Below(TransactionWorld.PartitionCount), world.Chance.Between(1, 3));
        }
        else if (_sequences.Count > 0)
        {
            End(world.Chance.Below(3) > 0);
        }
    }

    /// <summary>The process dies, and another begins.</summary>
    public void Restart()
    {
        _turn++;
        _isWaiting = false;
        (_producerId, _epoch, _open) = (-1, -1, null);
        _sequences.Clear();
    }

    private void Request(Action send)
    {
        _isWaiting = true;
        _pending = send;
        send();
    }

    private void Initialize()
    {
        int turn = _turn;
        world.Send(() => world.Coordinator.Ask<TransactionAnswer>(
            (state, reply) => state.Initialize(
                new ProducerRequest(Id, -1, -1), ModelCoordinator.TimeoutMs, world.Coordinator.NextProducerId++, reply),
            answer => Hear(turn, () =>
            {
                if (answer.Error == ErrorCode.None)
                {
                    (_producerId, _epoch) = (answer.ProducerId, answer.ProducerEpoch);
                    _sequences.Clear();
                }
            })));
    }

    private void Produce(int partition, int count)
    {
        int sequence = _sequences.GetValueOrDefault(partition);
        ProducerRequest self = Self;
        ModelTransaction transaction = _open!;
        Request(() =>
        {
            int turn = _turn;
            world.Send(() => world.Produce(self, transaction, partition, sequence, count, error =>
                Hear(turn, () => OnProduced(error, partition, sequence + count))));
        });
    }

    private void OnProduced(ErrorCode error, int partition, int nextSequence)
    {
        if (error == ErrorCode.None)
        {
            _sequences[partition] = nextSequence;
        }
        else if (error == ErrorCode.ConcurrentTransactions)
        {
            _isWaiting = true;
        }
        else
        {
            Restart();
        }
    }

    private void End(bool isCommit)
    {
        ProducerRequest self = Self;
        ModelTransaction transaction = _open!;
        transaction.IsCommitAsked |= isCommit;
        Request(() =>
        {
            int turn = _turn;
            world.Send(() => world.Coordinator.Ask<TransactionAnswer>(
                (state, reply) => state.End(self, isCommit, TransactionRules.EpochBumpVersion, null, reply),
                answer =>
                {
                    transaction.IsCommitHeard |= isCommit && answer.Error == ErrorCode.None;
                    Hear(turn, () => OnEnded(answer));
                }));
        });
    }

    private void OnEnded(TransactionAnswer answer)
    {
        if (answer.Error == ErrorCode.None)
        {
            (_producerId, _epoch) = (answer.ProducerId, answer.ProducerEpoch);
            _sequences.Clear();
            _open = null;
        }
        else if (answer.Error == ErrorCode.ConcurrentTransactions)
        {
            // Its own request is still being carried out: asked again until it is through.
            _isWaiting = true;
        }
        else
        {
            Restart();
        }
    }

    private void Hear(int turn, Action heard)
    {
        if (turn == _turn && _isWaiting)
        {
            _turn++;
            _isWaiting = false;
            heard();
        }
    }
}
