using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Tests.Property.Simulation.Checkers;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// Looks at every replica of a node after each of its events: offsets and epochs when they changed, each batch once it
/// is below the high watermark, and what a truncation takes away.
/// </summary>
internal sealed class PartitionProbe(PartitionChecker offsets, CommittedLogChecker logs, Violations violations)
{
    /// <summary>Null when nobody wants to see more.</summary>
    public IReplicaObserver? Observer { get; init; }

    private readonly Dictionary<(int NodeId, string Partition), Seen> _seen = [];

    public void Look(ClusterMachine machine, IEnumerable<Partition> partitions)
    {
        foreach (Partition partition in partitions)
        {
            PartitionLog log = partition.Log;
            string name = NameOf(partition);
            if (!_seen.TryGetValue((machine.Id, name), out Seen? seen) || seen.Life != machine.Life
                || seen.Log != log)
            {
                // Also a replica that was moved away and is back: it begins with nothing.
                seen = new Seen(machine.Life, log);
                _seen[(machine.Id, name)] = seen;
            }

            if (seen.IsAsBefore(partition))
            {
                continue;
            }

            TakeTruncation(machine, name, seen, log);
            TakeAppends(machine, partition, name, seen);
            Observer?.Changed(machine, partition);
            offsets.Check(new PartitionView(
                machine.Id, machine.Life, name, seen.View!.IsLeader, seen.View.LeaderEpoch, seen.LogStart,
                seen.HighWatermark, seen.LogEnd));
        }

        Observer?.Looked(machine);
    }

    /// <summary>Where the log of a replica ended when its node was last seen running; -1 when it never was.</summary>
    public long LogEndOf(int nodeId, string partition) =>
        _seen.TryGetValue((nodeId, partition), out Seen? seen) ? seen.LogEnd : -1;

    public static string NameOf(Partition partition) => $"{partition.TopicId}-{partition.TopicPartition.Partition}";

    private void TakeTruncation(ClusterMachine machine, string name, Seen seen, PartitionLog log)
    {
        while (seen.Batches.Count > 0 && seen.Batches[^1].LastOffset >= log.LogEndOffset)
        {
            CommittedBatch gone = seen.Batches[^1];
            seen.Batches.RemoveAt(seen.Batches.Count - 1);
            violations.Require(
                !logs.IsCommitted(name, gone),
                "a follower truncates to the epoch's end, never below what was committed",
                () => $"node {machine.Id} truncates {name} to {log.LogEndOffset} and loses {gone}");
            seen.CheckedTo = Math.Min(seen.CheckedTo, gone.BaseOffset);
        }
    }

    private void TakeAppends(ClusterMachine machine, Partition partition, string name, Seen seen)
    {
        PartitionLog log = partition.Log;
        long from = seen.Batches.Count > 0 ? seen.Batches[^1].LastOffset + 1 : log.LogStartOffset;
        LogBatches.Visit(log, from, log.LogEndOffset, batch =>
        {
            seen.Batches.Add(new CommittedBatch(
                batch.BaseOffset, batch.LastOffset, batch.PartitionLeaderEpoch, batch.Crc));
            Observer?.Appended(machine, partition, batch);
        });
        if (log.HighWatermark <= seen.CheckedTo)
        {
            return;
        }

        int first = seen.Batches.Count;
        while (first > 0 && seen.Batches[first - 1].LastOffset >= seen.CheckedTo)
        {
            first--;
        }

        logs.Check(name, machine.Id,
            seen.Batches.Skip(first).TakeWhile(batch => batch.LastOffset < log.HighWatermark));
        seen.CheckedTo = log.HighWatermark;
    }

    private sealed class Seen(int life, PartitionLog log)
    {
        public int Life => life;

        public PartitionLog Log => log;

        public ReplicaView? View { get; private set; }

        public long LogStart { get; private set; }

        public long HighWatermark { get; private set; }

        public long LogEnd { get; private set; } = -1;

        /// <summary>What is in the log, as far as it was read.</summary>
        public List<CommittedBatch> Batches { get; } = [];

        /// <summary>Up to here the batches have been compared with what is committed.</summary>
        public long CheckedTo { get; set; }

        public bool IsAsBefore(Partition partition)
        {
            if (ReferenceEquals(View, partition.View) && LogStart == log.LogStartOffset
                && HighWatermark == log.HighWatermark && LogEnd == log.LogEndOffset)
            {
                return true;
            }

            View = partition.View;
            LogStart = log.LogStartOffset;
            HighWatermark = log.HighWatermark;
            LogEnd = log.LogEndOffset;
            return false;
        }
    }
}
