using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>
/// Follows the coordinators' logs and the transactions in all others: feeds the checkers with what is committed, and
/// tells how far commits have come.
/// </summary>
internal sealed class CoordinatorProbe : IReplicaObserver
{
    private readonly SimWorld _world;
    private readonly TransactionLogChecker _transactions;
    private readonly GroupLogChecker _groups;
    private readonly Dictionary<string, long> _committedTo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _seenTo = new(StringComparer.Ordinal);
    private readonly Dictionary<(int NodeId, string Partition), StableOffsetChecker> _stable = [];
    private readonly List<(string Partition, long ProducerId, short Epoch, bool IsCommit)> _markers = [];
    private readonly List<CommitStep> _steps = [];

    public CoordinatorProbe(SimWorld world, Func<Uuid, string> nameOf)
    {
        _world = world;
        _transactions = new TransactionLogChecker(world.Violations);
        _groups = new GroupLogChecker(world.Violations, nameOf);
    }

    public GroupOffsetsView Offsets => _groups.Offsets;

    /// <summary>Transactions that are not at their end.</summary>
    public string OpenTransactions => _transactions.Open;

    public void Appended(ClusterMachine machine, Partition partition, RecordBatchView batch)
    {
        string topic = partition.TopicPartition.Topic;
        if (!InternalTopic.Is(topic))
        {
            StableOf(machine, partition).Append(batch);
        }

        if (!partition.View.IsLeader || !IsNew(PartitionProbe.NameOf(partition), batch.LastOffset))
        {
            return;
        }

        if (batch.IsControl && topic != InternalTopic.Transactions)
        {
            _steps.Add(CommitStep.MarkerWritten);
            _markers.Add((
                $"{partition.TopicPartition}", batch.ProducerId, batch.ProducerEpoch,
                RecordTexts.MarkerOf(batch) == ControlRecordType.Commit));
        }
        else if (InternalTopic.Is(topic))
        {
            CoordinatorRecords.Visit(batch, topic, (_, key, value) => Step(key, value, isReplicated: false));
        }
    }

    public void Changed(ClusterMachine machine, Partition partition)
    {
        PartitionLog log = partition.Log;
        if (!InternalTopic.Is(partition.TopicPartition.Topic))
        {
            StableOf(machine, partition).Check(
                log.LogEndOffset, log.HighWatermark, log.LastStableOffset,
                partition.View.IsLeader ? partition.View.LeaderEpoch : -1);
            return;
        }

        string name = PartitionProbe.NameOf(partition);
        long from = _committedTo.GetValueOrDefault(name);
        if (log.HighWatermark > from)
        {
            _committedTo[name] = log.HighWatermark;
            LogBatches.Visit(
                log, from, log.HighWatermark, batch => TakeCommitted(partition.TopicPartition.Topic, batch));
        }
    }

    public void Looked(ClusterMachine machine)
    {
        foreach (var marker in _markers)
        {
            _transactions.CheckMarker(marker.Partition, marker.ProducerId, marker.Epoch, marker.IsCommit);
        }

        _markers.Clear();
        if (_steps.Count > 0)
        {
            CommitStep[] steps = [.. _steps];
            _steps.Clear();
            foreach (CommitStep step in steps)
            {
                _world.Steps.Reached(step, machine.Id);
            }
        }
    }

    private void TakeCommitted(string topic, RecordBatchView batch)
    {
        long? producerId = batch.IsTransactional ? batch.ProducerId : null;
        if (RecordTexts.MarkerOf(batch) is { } marker)
        {
            _groups.Offsets.End(batch.ProducerId, marker == ControlRecordType.Commit);
            return;
        }

        CoordinatorRecords.Visit(batch, topic, (offset, key, value) =>
        {
            Step(key, value, isReplicated: true);
            if (key is TransactionLogKey { TransactionalId: var id })
            {
                _transactions.Take(id, (TransactionLogValue?)value);
            }
            else
            {
                _groups.Take(offset, key, value, producerId);
            }
        });
        _groups.EndBatch();
    }

    private void Step(ICoordinatorRecord key, ICoordinatorRecord? value, bool isReplicated)
    {
        CommitStep? step = (key, value) switch
        {
            (_, TransactionLogValue told) when TransactionLogChecker.IsDecision(told) =>
                isReplicated ? CommitStep.DecisionReplicated : CommitStep.DecisionWritten,
            (_, TransactionLogValue told) when TransactionLogChecker.IsOngoing(told) && !isReplicated =>
                CommitStep.TransactionWritten,
            (_, TransactionLogValue told) when TransactionLogChecker.IsEnd(told) && !isReplicated =>
                CommitStep.EndWritten,
            (OffsetCommitKey, not null) => isReplicated ? CommitStep.OffsetsReplicated : CommitStep.OffsetsWritten,
            (GroupMetadataKey or ConsumerGroupCurrentMemberAssignmentKey, not null) =>
                isReplicated ? CommitStep.GenerationReplicated : CommitStep.GenerationWritten,
            _ => null,
        };
        if (step is { } reached)
        {
            _steps.Add(reached);
        }
    }

    private bool IsNew(string partition, long lastOffset)
    {
        if (lastOffset <= _seenTo.GetValueOrDefault(partition, -1))
        {
            return false;
        }

        _seenTo[partition] = lastOffset;
        return true;
    }

    private StableOffsetChecker StableOf(ClusterMachine machine, Partition partition)
    {
        var key = (machine.Id, PartitionProbe.NameOf(partition));
        if (!_stable.TryGetValue(key, out StableOffsetChecker? checker) || checker.Life != machine.Life)
        {
            checker = new StableOffsetChecker(
                $"{partition.TopicPartition} of node {machine.Id}", machine.Life, _world.Violations);
            _stable[key] = checker;
        }

        return checker;
    }
}
