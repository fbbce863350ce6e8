using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Producer.Transactions;

/// <summary>The state machine of a transactional producer: what may be called, sent and awaited when.</summary>
/// <remarks>Any thread. Its lock is taken alone; nothing is called or awaited under it.</remarks>
internal sealed class TransactionState
{
    private readonly Lock _gate = new();
    private readonly HashSet<TopicPartition> _added = [];
    private readonly HashSet<TopicPartition> _wanted = [];
    private TransactionPhase _phase;
    private ProducerIdentity _identity = ProducerIdentity.None;
    private KafkaException? _error;
    private bool _isImplicit;
    private bool _needsNewIdentity;

    public TransactionPhase Phase => Read(static state => state._phase);

    public ProducerIdentity Identity => Read(static state => state._identity);

    /// <summary>Brokers add partitions and offsets by themselves and raise the epoch at every end (KIP-890).</summary>
    public bool IsImplicit => Read(static state => state._isImplicit);

    /// <summary>Whether there is something to abort.</summary>
    public bool IsOpen => Phase is TransactionPhase.InTransaction or TransactionPhase.MustAbort
        or TransactionPhase.Aborting;

    /// <summary>Whether the coordinator may know of the open transaction.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Sequences cannot go on under the present epoch.</summary>
    public bool NeedsNewIdentity => Read(static state => state._needsNewIdentity);

    /// <summary>Why batches that wait must not be sent; null while a transaction is open and well.</summary>
    public KafkaException? Refusal
    {
        get
        {
            lock (_gate)
            {
                return _phase == TransactionPhase.InTransaction
                    ? null
                    : _error ?? new KafkaException(
                        ErrorCode.OperationNotAttempted, "the transaction ended before the record was sent");
            }
        }
    }

    public void Initialized(ProducerIdentity identity, bool isImplicit)
    {
        lock (_gate)
        {
            Begin(TransactionPhase.Ready, identity, isImplicit);
        }
    }

    /// <exception cref="InvalidOperationException">A call is missing or out of turn.</exception>
    /// <exception cref="KafkaException">The producer cannot go on.</exception>
    public void Require(params ReadOnlySpan<TransactionPhase> allowed)
    {
        lock (_gate)
        {
            RequireLocked(allowed);
        }
    }

    public void BeginTransaction()
    {
        lock (_gate)
        {
            RequireLocked(TransactionPhase.Ready);
            _phase = TransactionPhase.InTransaction;
        }
    }

    /// <summary>Nothing is sent any more; a call that was cut off may be repeated.</summary>
    public void BeginCommit()
    {
        lock (_gate)
        {
            RequireLocked(TransactionPhase.InTransaction, TransactionPhase.Committing);
            _phase = TransactionPhase.Committing;
        }
    }

    public void BeginAbort()
    {
        lock (_gate)
        {
            RequireLocked(TransactionPhase.InTransaction, TransactionPhase.MustAbort, TransactionPhase.Aborting);
            _phase = TransactionPhase.Aborting;
        }
    }

    /// <summary>The coordinator has decided; without a new identity the old one goes on.</summary>
    public void Ended(ProducerIdentity? next, bool isImplicit)
    {
        lock (_gate)
        {
            Begin(TransactionPhase.Ready, next ?? _identity, isImplicit);
        }
    }

    /// <summary>Whether a batch for the partition may go; if it is not part of the transaction yet, it is to
    /// become so.</summary>
    public bool MaySend(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_phase != TransactionPhase.InTransaction)
            {
                return false;
            }

            if (_isImplicit || _added.Contains(partition))
            {
                HasWork = true;
                return true;
            }

            _wanted.Add(partition);
            return false;
        }
    }

    /// <summary>Partitions to add; they stay wanted until <see cref="Added"/>.</summary>
    public TopicPartition[] Wanted()
    {
        lock (_gate)
        {
            HasWork |= _wanted.Count > 0;
            return [.. _wanted];
        }
    }

    public void Added(IEnumerable<TopicPartition> partitions)
    {
        lock (_gate)
        {
            foreach (TopicPartition partition in partitions)
            {
                if (_wanted.Remove(partition))
                {
                    _added.Add(partition);
                }
            }
        }
    }

    /// <summary>Offsets are about to become part of the transaction.</summary>
    public void OffsetsSent()
    {
        lock (_gate)
        {
            RequireLocked(TransactionPhase.InTransaction);
            HasWork = true;
        }
    }

    /// <summary>A batch failed for good.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">The broker's words.</param>
    /// <param name="hadSequence">Its sequence is lost, and those after it with it.</param>
    public void BatchFailed(ErrorCode error, string? message, bool hadSequence)
    {
        lock (_gate)
        {
            _needsNewIdentity |= hadSequence;
            if (_phase == TransactionPhase.InTransaction || TransactionErrors.EndsProducerOnProduce(error))
            {
                FailLocked(error, message, TransactionErrors.EndsProducerOnProduce(error));
            }
        }
    }

    /// <summary>The transaction, or the producer with it, cannot go on.</summary>
    /// <returns>What to throw.</returns>
    public KafkaException Fail(ErrorCode error, string? message, bool isFatal)
    {
        lock (_gate)
        {
            return FailLocked(error, message, isFatal);
        }
    }

    private KafkaException FailLocked(ErrorCode error, string? message, bool isFatal)
    {
        if (_phase == TransactionPhase.Dead)
        {
            return _error!;
        }

        // A fenced producer is told so by the same name whatever answered (KIP-588).
        ErrorCode code = isFatal && error == ErrorCode.InvalidProducerEpoch ? ErrorCode.ProducerFenced : error;
        _needsNewIdentity |= TransactionErrors.NeedsNewIdentity(error);
        _error = new KafkaException(code, message) { IsAbortable = !isFatal, IsFatal = isFatal };
        _phase = isFatal ? TransactionPhase.Dead : TransactionPhase.MustAbort;
        return _error;
    }

    private void Begin(TransactionPhase phase, ProducerIdentity identity, bool isImplicit)
    {
        if (_phase == TransactionPhase.Dead)
        {
            return; // a late answer brings nobody back
        }

        _phase = phase;
        _identity = identity;
        _isImplicit = isImplicit;
        _error = null;
        _needsNewIdentity = false;
        HasWork = false;
        _added.Clear();
        _wanted.Clear();
    }

    private void RequireLocked(params ReadOnlySpan<TransactionPhase> allowed)
    {
        if (allowed.Contains(_phase))
        {
            return;
        }

        throw _phase switch
        {
            TransactionPhase.Dead or TransactionPhase.MustAbort => new KafkaException(_error!.Code, _error.Message)
            {
                IsAbortable = _error.IsAbortable,
                IsFatal = _error.IsFatal,
            },
            TransactionPhase.Uninitialized => new InvalidOperationException("call InitTransactionsAsync first"),
            TransactionPhase.Ready => new InvalidOperationException("no transaction is open: call BeginTransaction"),
            TransactionPhase.InTransaction => new InvalidOperationException("a transaction is open already"),
            TransactionPhase.Committing => new InvalidOperationException(
                "the commit is not over: call CommitTransactionAsync again"),
            _ => new InvalidOperationException("the abort is not over: call AbortTransactionAsync again"),
        };
    }

    private T Read<T>(Func<TransactionState, T> field)
    {
        lock (_gate)
        {
            return field(this);
        }
    }
}
