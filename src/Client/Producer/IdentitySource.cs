using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Client.Producer.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Producer;

/// <summary>Producer id, epoch and sequences of an idempotent producer (KIP-98, KIP-360): what makes a repeated batch
/// recognisable, and what keeps order under repetition.</summary>
/// <remarks>Owned by the sender's loop; only the answer to InitProducerId comes from elsewhere.</remarks>
internal sealed class IdentitySource(
    ClusterClient cluster, ProducerOptions options, TransactionState? transaction, Action wake)
{
    // Brokers remember the last five batches of a producer and partition.
    private const long MostUnacknowledged = 5;

    private readonly ILogger _logger = options.Loggers.CreateLogger(ClientLog.ProducerCategory);
    private ProducerIdentity _identity = ProducerIdentity.None;
    private Task<ProducerIdentity>? _asking;
    private int _attempts;
    private long _askAtMs;

    public bool IsIdempotent { get; } = options.IsIdempotent;

    /// <summary>Set when no producer id can be had: nothing can be sent any more.</summary>
    public KafkaException? Fatal { get; private set; }

    /// <summary>Why nothing that waits may be sent; null: it may.</summary>
    public KafkaException? Refusal => transaction is null ? Fatal : transaction.Refusal;

    /// <summary>Whether the queue's oldest batch may go now, as far as identity and order are concerned.</summary>
    public bool MaySend(PartitionQueue queue, long nowMs, ref long nextMs)
    {
        if (!IsIdempotent)
        {
            return true;
        }

        if (transaction is not null)
        {
            return MaySendInTransaction(queue, transaction);
        }

        if (!_identity.IsValid && !TryObtain(nowMs, ref nextMs))
        {
            return false;
        }

        if (queue.NeedsNewEpoch)
        {
            if (queue.Unacknowledged.Exists(batch => batch.IsOnWire))
            {
                return false; // its end wakes the loop
            }

            BeginNewEpoch(queue);
            if (!_identity.IsValid)
            {
                return TryObtain(nowMs, ref nextMs);
            }
        }
        else if (queue.Identity != _identity && queue.Unacknowledged.Count == 0)
        {
            queue.Identity = _identity;
            queue.NextSequence = 0;
        }

        return MaySendNext(queue);
    }

    /// <summary>Whether another batch of this queue may go beside those under way.</summary>
    public bool MaySendNext(PartitionQueue queue)
    {
        if (!IsIdempotent)
        {
            return true;
        }

        if (queue.NeedsNewEpoch || !queue.Identity.IsValid)
        {
            return false;
        }

        ProducerBatch? first;
        lock (queue.Gate)
        {
            first = queue.First;
        }

        if (first is null || queue.Unacknowledged.Count == 0)
        {
            return first is not null;
        }

        // A repeated batch goes alone until it is acknowledged: if it was written at its first sending, the broker must
        // still remember it, and it remembers the last five.
        return first.IsStamped
            ? queue.Unacknowledged[0] == first
            : first.Order - queue.Unacknowledged[0].Order < MostUnacknowledged
                && queue.Unacknowledged.TrueForAll(batch => batch is { IsOnWire: true, Attempts: 1 });
    }

    /// <summary>Gives a batch its sequence, at its first sending.</summary>
    public void Stamp(PartitionQueue queue, ProducerBatch batch)
    {
        if (IsIdempotent && !batch.IsStamped)
        {
            batch.Stamp(queue.Identity, queue.NextSequence);
            queue.NextSequence = RecordBatchLayout.IncrementSequence(queue.NextSequence, batch.Count);
        }
    }

    // The coordinator alone gives ids and epochs: lost sequences cost the transaction, not only an epoch.
    private bool MaySendInTransaction(PartitionQueue queue, TransactionState open)
    {
        if (!open.MaySend(queue.Partition))
        {
            return false;
        }

        _identity = open.Identity;
        if (queue.Identity != _identity && queue.Unacknowledged.Count == 0)
        {
            queue.Identity = _identity;
            queue.NextSequence = 0;
            queue.NeedsNewEpoch = false;
        }

        return MaySendNext(queue);
    }

    // Sequences begin at 0 under the next epoch, for all that is not acknowledged, in order.
    private void BeginNewEpoch(PartitionQueue queue)
    {
        if (queue.Identity == _identity)
        {
            _identity = _identity.Epoch == short.MaxValue
                ? ProducerIdentity.None
                : _identity with { Epoch = (short)(_identity.Epoch + 1) };
            if (!_identity.IsValid)
            {
                return; // a new producer id first
            }
        }

        queue.Identity = _identity;
        queue.NextSequence = 0;
        queue.NeedsNewEpoch = false;
        foreach (ProducerBatch batch in queue.Unacknowledged)
        {
            batch.Stamp(_identity, queue.NextSequence);
            queue.NextSequence = RecordBatchLayout.IncrementSequence(queue.NextSequence, batch.Count);
        }
    }

    private bool TryObtain(long nowMs, ref long nextMs)
    {
        if (_asking is { IsCompletedSuccessfully: true } answered)
        {
            _identity = answered.GetAwaiter().GetResult();
            ClientLog.IdentityObtained(_logger, _identity.Id, _identity.Epoch);
            _asking = null;
            _attempts = 0;
            return true;
        }

        if (_asking is { IsFaulted: true } failed)
        {
            Fatal = (failed.Exception!.InnerException as KafkaException) is { IsRetriable: false } fatal ? fatal : null;
            _attempts++;
            _askAtMs = nowMs + (long)cluster.Chance.Backoff(
                options.RetryBackoff, options.RetryBackoffMax, _attempts).TotalMilliseconds;
            _asking = null;
        }

        if (_asking is null && nowMs >= _askAtMs)
        {
            _asking = AskAsync();
        }

        nextMs = Math.Min(nextMs, Math.Max(_askAtMs, nowMs + 1000));
        return false;
    }

    private async Task<ProducerIdentity> AskAsync()
    {
        try
        {
            using BrokerResponse response = await cluster.SendToAnyAsync(
                new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue },
                VersionRange.All, options.RequestTimeout);
            if (response.Message is not InitProducerIdResponse answer)
            {
                throw new KafkaException(response.TransportError, response.Reason);
            }

            return answer.ErrorCode == ErrorCode.None
                ? new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch)
                : throw new KafkaException(answer.ErrorCode);
        }
        finally
        {
            wake();
        }
    }
}
