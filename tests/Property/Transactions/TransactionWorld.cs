using System.Buffers.Binary;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Log;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>
/// Real partition logs and the real coordinator state; a network that delays, repeats and reorders requests; clients
/// that share a transactional id, some of them zombies.
/// </summary>
internal sealed class TransactionWorld
{
    public const int PartitionCount = 4;

    /// <summary>The partition that is written as offsets are: by a coordinator, without sequences.</summary>
    public const int OffsetsPartition = 3;

    private const string Topic = "out";
    private const int MostMessages = 40;

    private readonly PlantedFault _fault;
    private readonly LogWorld[] _partitions = new LogWorld[PartitionCount];
    private readonly List<Action> _network = [];
    private readonly List<ModelTransaction> _transactions = [];
    private readonly ModelProducer[] _producers;
    private readonly Dictionary<MarkerJob, HashSet<TopicPartition>> _open = new(ReferenceEqualityComparer.Instance);

    public TransactionWorld(ulong seed, PlantedFault fault)
    {
        _fault = fault;
        Chance = new Prng(seed);
        for (int i = 0; i < PartitionCount; i++)
        {
            _partitions[i] = new LogWorld(Chance.Fork(), new LogOptions { SegmentBytes = 2000 });
            _partitions[i].Open(isClean: true);
        }

        Coordinator = new ModelCoordinator(_partitions[0], fault);
        _producers = [new ModelProducer(this), new ModelProducer(this)];
    }

    public Prng Chance { get; }

    public ModelCoordinator Coordinator { get; }

    public int CommitCount => _transactions.Count(static transaction => transaction.IsCommitHeard);

    public ModelTransaction Begin()
    {
        _transactions.Add(new ModelTransaction(_transactions.Count + 1));
        return _transactions[^1];
    }

    /// <summary>Delivers a request some time, perhaps twice.</summary>
    public void Send(Action request)
    {
        for (int copies = Chance.Below(5) == 0 ? 2 : 1; copies > 0 && _network.Count < MostMessages; copies--)
        {
            _network.Add(request);
        }
    }

    public void Step()
    {
        switch (Chance.Below(40))
        {
            case < 14:
                _producers[Chance.Below(40) == 0 ? 1 : 0].Step();
                break;
            case < 24:
                Deliver();
                break;
            case < 31:
                Coordinator.Replicate();
                break;
            case < 36:
                WriteMarker();
                break;
            case < 38:
                _partitions[0].Wait(Chance.Below(300));
                break;
            case 38 when Chance.Below(6) == 0:
                Coordinator.Crash(losesTail: Chance.Below(2) == 0);
                break;
            case 39 when Chance.Below(6) == 0:
                _producers[Chance.Below(2)].Restart();
                break;
        }
    }

    /// <summary>Nobody begins anything any more, and everything is delivered.</summary>
    public void Settle()
    {
        for (int round = 0; round < 400 && (round < 100 || !Coordinator.IsQuiet || _network.Count > 0); round++)
        {
            Deliver();
            Coordinator.Replicate();
            WriteMarker();
            _partitions[0].Wait(100);
        }
    }

    /// <summary>What broke, once all is settled; null when nothing did.</summary>
    public string? Check()
    {
        if (!Coordinator.IsQuiet)
        {
            return "the coordinator comes to no end";
        }

        Dictionary<int, int> visible = [];
        foreach (LogWorld partition in _partitions)
        {
            if (partition.Log.LastStableOffset != partition.Log.LogEndOffset)
            {
                return "a transaction hangs";
            }

            foreach (int number in CommittedReader.Read(
                partition.Log, 0, int.MaxValue, static record => BinaryPrimitives.ReadInt32BigEndian(record.Value)))
            {
                visible[number] = visible.GetValueOrDefault(number) + 1;
            }
        }

        foreach (ModelTransaction transaction in _transactions)
        {
            int seen = visible.GetValueOrDefault(transaction.Number);
            bool isAtomic = seen == 0 || seen == transaction.Written;
            bool isKept = !transaction.IsCommitHeard || seen == transaction.Written;
            bool isAborted = transaction.IsCommitAsked || seen == 0;
            if (!isAtomic || !isKept || !isAborted)
            {
                return $"{seen} records are seen of {transaction}";
            }
        }

        return null;
    }

    /// <summary>A produce request at its partition's leader, which asks the coordinator.</summary>
    public void Produce(
        ProducerRequest self, ModelTransaction transaction, int partition, int sequence, int count,
        Action<ErrorCode> answered)
    {
        long token = 0;
        PartitionLog log = _partitions[partition].Log;
        _partitions[partition].Do(() =>
            token = log.StartVerification(self.ProducerId, self.ProducerEpoch, sequence, bumpsEpoch: true));
        if (token == 0 || !IsVerified(partition))
        {
            Send(() => answered(Append(self, transaction, partition, sequence, count, token)));
            return;
        }

        Coordinator.Ask<TransactionAnswer>(
            (state, reply) => state.AddPartitions(
                self, [new TopicPartition(Topic, partition)], TransactionRules.EpochBumpVersion, reply),
            answer => Send(() => answered(answer.Error == ErrorCode.None
                ? Append(self, transaction, partition, sequence, count, token)
                : answer.Error)));
    }

    private ErrorCode Append(
        ProducerRequest self, ModelTransaction transaction, int partition, int sequence, int count, long token)
    {
        bool isOffsets = partition == OffsetsPartition;
        byte[] batch = TransactionBatches.Data(
            transaction.Number, count, self.ProducerId, self.ProducerEpoch, isOffsets ? -1 : sequence);
        LogAppendResult result = Write(partition, new LeaderAppend(
            batch,
            isOffsets ? AppendOrigin.Coordinator : AppendOrigin.Client,
            IsVerificationRequired: IsVerified(partition),
            Verification: token));
        transaction.Written += result.IsSuccess && !result.IsDuplicate ? count : 0;
        return result.Error;
    }

    private bool IsVerified(int partition) => _fault != (partition == OffsetsPartition
        ? PlantedFault.LateOffsetsAreWritten
        : PlantedFault.LateProduceIsWritten);

    private LogAppendResult Write(int partition, LeaderAppend append)
    {
        var results = new LogAppendResult[1];
        LogWorld world = _partitions[partition];
        world.Do(() =>
        {
            world.Log.AppendAsLeader([append], 0, results);
            world.Log.SetHighWatermark(world.Log.LogEndOffset);
        });
        return results[0];
    }

    private void Deliver()
    {
        if (_network.Count > 0)
        {
            int at = Chance.Below(_network.Count);
            Action request = _network[at];
            _network.RemoveAt(at);
            request();
        }
    }

    private void WriteMarker()
    {
        if (Coordinator.Jobs.Count == 0)
        {
            return;
        }

        MarkerJob job = Coordinator.Jobs[Chance.Below(Coordinator.Jobs.Count)];
        if (!_open.TryGetValue(job, out HashSet<TopicPartition>? left))
        {
            _open[job] = left = [.. job.Prepared.Partitions];
        }

        TopicPartition partition = left.Order().First();
        LeaderAppend marker = MarkerOf(job);
        ErrorCode error = Write(partition.Partition, marker).Error;
        if (Chance.Below(10) == 0)
        {
            Send(() => Write(partition.Partition, MarkerOf(job)));
        }

        if (error is ErrorCode.InvalidProducerEpoch or ErrorCode.TransactionCoordinatorFenced)
        {
            Coordinator.Drop(job);
        }
        else if (error == ErrorCode.None && left.Remove(partition) && left.Count == 0)
        {
            Coordinator.Drop(job);
            job.Finished();
        }
    }

    private static LeaderAppend MarkerOf(MarkerJob job) => new(
        TransactionBatches.Marker(
            job.Prepared.ProducerId, job.Prepared.ProducerEpoch, job.IsCommit, job.CoordinatorEpoch),
        AppendOrigin.Coordinator,
        BumpsEpoch: job.Prepared.BumpsEpoch);
}
