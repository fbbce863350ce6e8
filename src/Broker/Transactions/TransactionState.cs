using KRaftSharp.Broker.Coordination;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Transactions;

/// <summary>The transactional ids of one partition of the transaction log.</summary>
/// <remarks>
/// <see cref="TransactionRules"/> decides. Markers are sent once the decision is committed, never before: a decision
/// that is lost with its leader must not have been seen by anybody.
/// </remarks>
internal sealed class TransactionState(int partition, ShardTimers timers, TransactionServices services)
    : ICoordinatorState
{
    private const string AbortTimer = "abort";
    private const string ExpireTimer = "expire";
    private const string ResumeTimer = "resume";
    private const int ResumeDelayMs = 20;
    private const int ResumeIntervalMs = 500;

    private readonly SortedDictionary<string, TransactionMetadata> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<object, TransactionMetadata> _decided = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _sending = new(StringComparer.Ordinal);
    private int _epoch = -1;

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<TransactionMetadata> Known => _known.Values;

    public TransactionMetadata? Find(string transactionalId) => _known.GetValueOrDefault(transactionalId);

    public Decision Initialize(
        ProducerRequest asked, int timeoutMs, long? newProducerId, Reply<TransactionAnswer> reply)
    {
        TransactionVerdict verdict = TransactionRules.Initialize(
            Find(asked.TransactionalId), asked, timeoutMs, newProducerId, services.ServerVersion(),
            services.WallClockMs());
        return Carry(verdict, asked, reply);
    }

    public Decision End(
        ProducerRequest asked, bool isCommit, short clientVersion, long? newProducerId,
        Reply<TransactionAnswer> reply)
    {
        TransactionVerdict verdict = TransactionRules.End(
            Find(asked.TransactionalId), asked, isCommit, clientVersion, newProducerId, services.WallClockMs());
        return Carry(verdict, asked, reply);
    }

    public Decision AddPartitions(
        ProducerRequest asked, IReadOnlyCollection<TopicPartition> partitions, short clientVersion,
        Reply<TransactionAnswer> reply)
    {
        TransactionVerdict verdict = TransactionRules.AddPartitions(
            Find(asked.TransactionalId), asked, partitions, clientVersion, services.WallClockMs());
        return Carry(verdict, asked, reply);
    }

    /// <summary>Whether partitions belong to the open transaction (KIP-890).</summary>
    public Decision Verify(
        ProducerRequest asked, IReadOnlyCollection<TopicPartition> partitions, Reply<PartitionErrors> reply)
    {
        TransactionMetadata? known = Find(asked.TransactionalId);
        ErrorCode error = TransactionRules.CheckProducer(known, asked);
        return reply.Now(error != ErrorCode.None
            ? PartitionErrors.All(partitions, error)
            : new PartitionErrors(
            [
                .. partitions.Select(partition => (partition, known!.Partitions.Contains(partition)
                    ? ErrorCode.None
                    : ErrorCode.TransactionAbortable)),
            ]));
    }

    /// <summary>All markers of a transaction are written.</summary>
    public Decision Complete(string transactionalId, long producerId, short producerEpoch)
    {
        if (Find(transactionalId) is not { IsPrepared: true } known || known.ProducerId != producerId
            || known.ProducerEpoch != producerEpoch)
        {
            return Decision.Nothing;
        }

        return Write(
            [TransactionRules.Complete(known, services.WallClockMs())],
            () => _sending.Remove(transactionalId),
            () =>
            {
                _sending.Remove(transactionalId);
                timers.Set(ResumeTimer, ResumeIntervalMs, Resume);
            });
    }

    public void Replay(long offset, ICoordinatorRecord key, ICoordinatorRecord? value, ProducerStamp? producer)
    {
        if (key is not TransactionLogKey { TransactionalId: var id })
        {
            return;
        }

        switch (value)
        {
            case null:
                _known.Remove(id);
                break;
            case TransactionLogValue written:
                _known[id] = _decided.Remove(written, out TransactionMetadata? decided)
                    ? decided
                    : TransactionMetadata.Of(id, written);
                if (decided is not null && services.Options.Planted.HasFlag(PlantedFaults.EarlyMarkers))
                {
                    SendMarkers(decided);
                }

                break;
        }
    }

    public void ReplayMarker(ProducerStamp producer, bool isCommit)
    {
    }

    public void Loaded()
    {
        _epoch = services.CoordinatorEpoch(partition);
        timers.Set(ResumeTimer, ResumeDelayMs, Resume);
        timers.Set(AbortTimer, services.Options.AbortIntervalMs, AbortTimedOut);
        timers.Set(ExpireTimer, services.Options.ExpireIntervalMs, RemoveExpired);
    }

    public void Unloaded() => services.Markers.Cancel(partition, _epoch);

    private Decision AbortTimedOut()
    {
        timers.Set(AbortTimer, services.Options.AbortIntervalMs, AbortTimedOut);
        long now = services.WallClockMs();
        List<TransactionMetadata> aborted =
        [
            .. _known.Values.Where(known => TransactionRules.IsTimedOut(known, now))
                .Select(known => Fence(known, now)),
        ];
        return aborted.Count == 0 ? Decision.Nothing : Write(aborted, () => aborted.ForEach(SendMarkers), null);
    }

    private TransactionMetadata Fence(TransactionMetadata known, long now)
    {
        TransactionMetadata fenced = TransactionRules.Fence(known, services.ServerVersion(), now);
        return services.Options.Planted.HasFlag(PlantedFaults.TimeoutKeepsTheEpoch)
            ? fenced with { ProducerEpoch = known.ProducerEpoch, ClientVersion = 0 }
            : fenced;
    }

    private Decision RemoveExpired()
    {
        timers.Set(ExpireTimer, services.Options.ExpireIntervalMs, RemoveExpired);
        long now = services.WallClockMs();
        List<CoordinatorRecord> tombstones =
        [
            .. _known.Values
                .Where(known => TransactionRules.IsExpired(known, services.Options.IdExpirationMs, now))
                .Select(known => CoordinatorRecord.Tombstone(KeyOf(known))),
        ];
        return new Decision(tombstones);
    }

    /// <summary>Markers of transactions that were decided but are on nobody's way: after loading, and after a
    /// decision that took too long to commit.</summary>
    private Decision Resume()
    {
        timers.Set(ResumeTimer, ResumeIntervalMs, Resume);
        List<TransactionMetadata> waiting =
            [.. _known.Values.Where(known => known.IsPrepared && !_sending.Contains(known.TransactionalId))];
        return waiting.Count == 0
            ? Decision.Nothing
            : new Decision([]) { Committed = () => waiting.ForEach(SendMarkers) };
    }

    private Decision Carry(TransactionVerdict verdict, ProducerRequest asked, Reply<TransactionAnswer> reply)
    {
        if (verdict.NeedsProducerId)
        {
            reply.Set(new TransactionAnswer(ErrorCode.None) { NeedsProducerId = true });
            return Decision.Nothing;
        }

        TransactionMetadata? told = verdict.Next ?? Find(asked.TransactionalId);
        if (told is { IsPrepared: true })
        {
            told = TransactionRules.Complete(told, told.LastUpdateTimestampMs);
        }

        TransactionAnswer answer = verdict.Error == ErrorCode.None && told is not null
            ? new TransactionAnswer(ErrorCode.None, told.ProducerId, told.ProducerEpoch)
            : new TransactionAnswer(verdict.Error);
        return verdict.Next is not { } next
            ? reply.Now(answer)
            : Write(
                [next],
                () =>
                {
                    reply.Set(answer);
                    SendMarkers(next);
                },
                null);
    }

    private Decision Write(IReadOnlyList<TransactionMetadata> changed, Action committed, Action? failed)
    {
        List<CoordinatorRecord> records = [];
        short version = services.ServerVersion() > 0 ? (short)1 : (short)0;
        foreach (TransactionMetadata next in changed)
        {
            TransactionLogValue value = next.ToValue(version);
            _decided[value] = next;
            records.Add(new CoordinatorRecord(KeyOf(next), value, version));
        }

        return new Decision(records)
        {
            Committed = committed,
            Failed = _ =>
            {
                records.ForEach(record => _decided.Remove(record.Value!));
                failed?.Invoke();
            },
        };
    }

    private void SendMarkers(TransactionMetadata prepared)
    {
        if (!prepared.IsPrepared || !ReferenceEquals(Find(prepared.TransactionalId), prepared)
            || !_sending.Add(prepared.TransactionalId))
        {
            return;
        }

        void Finished() => services.Run(partition, state => state.Complete(
            prepared.TransactionalId, prepared.ProducerId, prepared.ProducerEpoch));

        if (prepared.Partitions.IsEmpty)
        {
            Finished();
            return;
        }

        services.Markers.Send(new MarkerJob(partition, _epoch, prepared, Finished));
    }

    private static TransactionLogKey KeyOf(TransactionMetadata known) =>
        new() { TransactionalId = known.TransactionalId };
}
