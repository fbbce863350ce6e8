using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Transactions;

/// <summary>The decisions of the transaction coordinator about one transactional id (KIP-98, KIP-360, KIP-890).
/// </summary>
/// <remarks>Pure: what is known, what is asked and the time go in, an answer and what is to be written come out.
/// </remarks>
internal static class TransactionRules
{
    /// <summary>The level of transaction.version from which each transaction has an epoch of its own.</summary>
    public const short EpochBumpVersion = 2;

    /// <summary>A producer starts: it gets an epoch that fences every producer before it.</summary>
    /// <param name="known">Null for an id that is new.</param>
    /// <param name="asked">Its producer id and epoch are negative unless the producer goes on after an error.</param>
    /// <param name="newProducerId">A fresh id, when one was asked for before.</param>
    /// <param name="serverVersion">The finalized level of transaction.version.</param>
    public static TransactionVerdict Initialize(
        TransactionMetadata? known, ProducerRequest asked, int timeoutMs, long? newProducerId, short serverVersion,
        long nowMs)
    {
        if (known is null)
        {
            if (newProducerId is not { } id)
            {
                return TransactionVerdict.WithProducerId;
            }

            known = new TransactionMetadata
            {
                TransactionalId = asked.TransactionalId,
                ProducerId = id,
                TimeoutMs = timeoutMs,
            };
        }
        else if (asked.ProducerId >= 0 && asked.ProducerId != known.ProducerId
            && !(asked.ProducerId == known.PreviousProducerId && asked.ProducerEpoch >= short.MaxValue - 1))
        {
            return new TransactionVerdict(ErrorCode.ProducerFenced);
        }

        switch (known.Status)
        {
            case TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort:
                return new TransactionVerdict(ErrorCode.ConcurrentTransactions);
            case TransactionStatus.Ongoing:
                // The epoch of the fence is given to nobody; the client comes again when the abort is complete.
                return new TransactionVerdict(ErrorCode.ConcurrentTransactions, Fence(known, serverVersion, nowMs));
        }

        short? expected = asked.ProducerId >= 0 ? asked.ProducerEpoch : null;
        if (known.IsEpochExhausted && (expected is null || expected == known.ProducerEpoch))
        {
            return newProducerId is { } next
                ? TransactionVerdict.Change(Start(known, timeoutMs, nowMs) with
                {
                    ProducerId = next,
                    PreviousProducerId = known.ProducerId,
                    ProducerEpoch = 0,
                    LastProducerEpoch = expected is null ? TransactionMetadata.NoEpoch : known.ProducerEpoch,
                })
                : TransactionVerdict.WithProducerId;
        }

        return Bump(known, expected, timeoutMs, nowMs);
    }

    /// <summary>Records of these partitions are about to be written.</summary>
    public static TransactionVerdict AddPartitions(
        TransactionMetadata? known, ProducerRequest asked, IReadOnlyCollection<TopicPartition> partitions,
        short clientVersion, long nowMs)
    {
        ErrorCode error = CheckProducer(known, asked);
        if (error != ErrorCode.None)
        {
            return new TransactionVerdict(error);
        }

        bool isOngoing = known!.Status == TransactionStatus.Ongoing;
        if (isOngoing && partitions.All(known.Partitions.Contains))
        {
            return new TransactionVerdict(ErrorCode.None);
        }

        return TransactionVerdict.Change(known with
        {
            Status = TransactionStatus.Ongoing,
            Partitions = (isOngoing ? known.Partitions : []).Union(partitions),
            StartTimestampMs = isOngoing ? known.StartTimestampMs : nowMs,
            LastUpdateTimestampMs = nowMs,
            ClientVersion = clientVersion,
        });
    }

    /// <summary>Whether a producer may act at all now, of what <see cref="AddPartitions"/> asks.</summary>
    public static ErrorCode CheckProducer(TransactionMetadata? known, ProducerRequest asked)
    {
        if (known is null || known.ProducerId != asked.ProducerId)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        if (known.ProducerEpoch != asked.ProducerEpoch)
        {
            return ErrorCode.ProducerFenced;
        }

        return known.IsPrepared ? ErrorCode.ConcurrentTransactions : ErrorCode.None;
    }

    /// <summary>A producer ends its transaction.</summary>
    /// <param name="clientVersion">2 from producers that take a new epoch from the answer.</param>
    public static TransactionVerdict End(
        TransactionMetadata? known, ProducerRequest asked, bool isCommit, short clientVersion, long? newProducerId,
        long nowMs) => clientVersion >= EpochBumpVersion
            ? EndWithBump(known, asked, isCommit, clientVersion, newProducerId, nowMs)
            : EndInEpoch(known, asked, isCommit, clientVersion, nowMs);

    /// <summary>Aborts a transaction over its producer's head, in an epoch that the producer does not have.</summary>
    public static TransactionMetadata Fence(TransactionMetadata known, short serverVersion, long nowMs) => known with
    {
        Status = TransactionStatus.PrepareAbort,
        ProducerEpoch = (short)(known.ProducerEpoch + 1),
        LastProducerEpoch = TransactionMetadata.NoEpoch,
        LastUpdateTimestampMs = nowMs,
        ClientVersion = serverVersion >= EpochBumpVersion ? EpochBumpVersion : (short)0,
    };

    /// <summary>All markers are written.</summary>
    public static TransactionMetadata Complete(TransactionMetadata prepared, long nowMs)
    {
        bool rotates = prepared.BumpsEpoch && prepared.NextProducerId >= 0;
        return prepared with
        {
            Status = prepared.Status == TransactionStatus.PrepareCommit
                ? TransactionStatus.CompleteCommit
                : TransactionStatus.CompleteAbort,
            ProducerId = rotates ? prepared.NextProducerId : prepared.ProducerId,
            PreviousProducerId = rotates ? prepared.ProducerId : prepared.PreviousProducerId,
            NextProducerId = TransactionMetadata.NoProducerId,
            ProducerEpoch = rotates ? (short)0 : prepared.ProducerEpoch,
            Partitions = [],
            LastUpdateTimestampMs = nowMs,
        };
    }

    public static bool IsTimedOut(TransactionMetadata known, long nowMs) =>
        known.Status == TransactionStatus.Ongoing && known.StartTimestampMs + known.TimeoutMs < nowMs;

    public static bool IsExpired(TransactionMetadata known, long expirationMs, long nowMs) =>
        known.Status is TransactionStatus.Empty or TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort
        && known.LastUpdateTimestampMs + expirationMs <= nowMs;

    private static TransactionVerdict Bump(TransactionMetadata known, short? expected, int timeoutMs, long nowMs)
    {
        bool isNew = known.ProducerEpoch == TransactionMetadata.NoEpoch;
        short bumped = isNew ? (short)0 : (short)(known.ProducerEpoch + 1);
        if (expected is not { } epoch)
        {
            return TransactionVerdict.Change(Start(known, timeoutMs, nowMs) with
            {
                ProducerEpoch = bumped,
                LastProducerEpoch = TransactionMetadata.NoEpoch,
            });
        }

        if (isNew || epoch == known.ProducerEpoch)
        {
            return TransactionVerdict.Change(Start(known, timeoutMs, nowMs) with
            {
                ProducerEpoch = bumped,
                LastProducerEpoch = known.ProducerEpoch,
            });
        }

        return epoch == known.LastProducerEpoch
            ? TransactionVerdict.Change(Start(known, timeoutMs, nowMs))
            : new TransactionVerdict(ErrorCode.ProducerFenced);
    }

    private static TransactionMetadata Start(TransactionMetadata known, int timeoutMs, long nowMs) => known with
    {
        Status = TransactionStatus.Empty,
        TimeoutMs = timeoutMs,
        Partitions = [],
        StartTimestampMs = TransactionMetadata.NoTimestamp,
        LastUpdateTimestampMs = nowMs,
    };

    private static TransactionVerdict EndInEpoch(
        TransactionMetadata? known, ProducerRequest asked, bool isCommit, short clientVersion, long nowMs)
    {
        if (known is null || known.ProducerId != asked.ProducerId)
        {
            return new TransactionVerdict(ErrorCode.InvalidProducerIdMapping);
        }

        if (known.ProducerEpoch != asked.ProducerEpoch)
        {
            return new TransactionVerdict(ErrorCode.ProducerFenced);
        }

        return known.Status switch
        {
            TransactionStatus.Ongoing => TransactionVerdict.Change(Prepare(known, isCommit, clientVersion, nowMs)),
            TransactionStatus.CompleteCommit when isCommit => default,
            TransactionStatus.CompleteAbort when !isCommit => default,
            TransactionStatus.PrepareCommit when isCommit => new(ErrorCode.ConcurrentTransactions),
            TransactionStatus.PrepareAbort when !isCommit => new(ErrorCode.ConcurrentTransactions),
            _ => new(ErrorCode.InvalidTxnState),
        };
    }

    private static TransactionVerdict EndWithBump(
        TransactionMetadata? known, ProducerRequest asked, bool isCommit, short clientVersion, long? newProducerId,
        long nowMs)
    {
        if (known is null)
        {
            return new TransactionVerdict(ErrorCode.InvalidProducerIdMapping);
        }

        // The answer to the request that ended the transaction was lost.
        bool isRetryAfterRotation = known.PreviousProducerId == asked.ProducerId && known.ProducerEpoch == 0
            && asked.ProducerEpoch == short.MaxValue - 1;
        bool isRetry = isRetryAfterRotation || known.ProducerEpoch == asked.ProducerEpoch + 1;
        if (known.ProducerId != asked.ProducerId && !isRetryAfterRotation)
        {
            return new TransactionVerdict(ErrorCode.InvalidProducerIdMapping);
        }

        bool isCurrent = known.ProducerEpoch == asked.ProducerEpoch;
        bool isCompleted = known.Status is TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort;
        bool mayAct = known.IsPrepared ? isRetry : isCurrent || (isCompleted && isRetry);
        if (!mayAct)
        {
            return new TransactionVerdict(ErrorCode.ProducerFenced);
        }

        switch (known.Status)
        {
            case TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort:
                bool wasCommitted = known.Status == TransactionStatus.PrepareCommit;
                return new TransactionVerdict(
                    wasCommitted == isCommit ? ErrorCode.ConcurrentTransactions : ErrorCode.InvalidTxnState);
            case TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort when isRetry:
                bool isSame = known.Status == TransactionStatus.CompleteCommit == isCommit;
                return new TransactionVerdict(isSame ? ErrorCode.None : ErrorCode.InvalidTxnState);
            case not TransactionStatus.Ongoing when isCommit:
                return new TransactionVerdict(ErrorCode.InvalidTxnState);
        }

        // Aborting nothing is allowed: it fences what may still be on its way.
        if (known.IsEpochExhausted && newProducerId is null)
        {
            return TransactionVerdict.WithProducerId;
        }

        TransactionMetadata prepared = Prepare(known, isCommit, clientVersion, nowMs);
        return TransactionVerdict.Change(prepared with
        {
            ProducerEpoch = (short)(known.ProducerEpoch + 1),
            LastProducerEpoch = known.ProducerEpoch,
            NextProducerId = known.IsEpochExhausted ? newProducerId!.Value : TransactionMetadata.NoProducerId,
            StartTimestampMs = known.Status == TransactionStatus.Ongoing ? known.StartTimestampMs : nowMs,
        });
    }

    private static TransactionMetadata Prepare(
        TransactionMetadata known, bool isCommit, short clientVersion, long nowMs) => known with
        {
            Status = isCommit ? TransactionStatus.PrepareCommit : TransactionStatus.PrepareAbort,
            NextProducerId = TransactionMetadata.NoProducerId,
            LastUpdateTimestampMs = nowMs,
            ClientVersion = clientVersion,
        };
}
