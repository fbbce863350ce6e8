using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Health;

/// <summary>What must hold on a node at any moment, looked at from outside while it serves.</summary>
/// <remarks>The numbers are read one after another while they move: each pair is read in the order in which it can only
/// look better than it is.</remarks>
internal static class InvariantChecks
{
    private const int NamedViolations = 10;

    public static NodeInvariants Of(KafkaNode node)
    {
        MetadataImage image = node.Image;
        IReadOnlyList<Partition> replicas = node.Replicas?.Partitions ?? [];
        var registered = (
            from topic in image.Topics.InNameOrder
            from partition in topic.Partitions
            select (Name: $"{topic.Name}-{partition.Key}", State: partition.Value)).ToList();
        return new NodeInvariants(node.Config.NodeId,
        [
            Quorum(node),
            Check("log-order", "log start <= high watermark <= log end", replicas, HasOrder, Name),
            Check("stable-order", "last stable offset <= high watermark", replicas, partition =>
            {
                long stable = partition.Log.LastStableOffset;
                return stable <= partition.Log.HighWatermark;
            }, Name),
            Check("epochs-rise", "leader epochs of a log rise with their offsets and end within it", replicas,
                HasRisingEpochs, Name),
            Check("isr-of-replicas", "in-sync and eligible replicas are replicas, none twice", registered,
                entry => IsSubset(entry.State.Isr, entry.State) && IsSubset(entry.State.Elr, entry.State)
                    && !entry.State.Isr.Intersect(entry.State.Elr).Any(), entry => entry.Name),
            Check("leader-in-sync", "a leader is in its ISR, and is not fenced", registered,
                entry => !entry.State.HasLeader || (entry.State.Isr.Contains(entry.State.Leader)
                    && image.Cluster.Broker(entry.State.Leader) is { IsFenced: false }), entry => entry.Name),
        ]);
    }

    private static InvariantData Quorum(KafkaNode node)
    {
        long applied = node.Image.Provenance.EndOffset;
        long highWatermark = node.Quorum.HighWatermark;
        long end = node.Quorum.LogEndOffset;
        return new InvariantData(
            "applied-is-committed", "metadata applied <= committed <= log end", 1,
            applied <= highWatermark && highWatermark <= end ? [] : [$"{applied}, {highWatermark}, {end}"]);
    }

    private static InvariantData Check<T>(
        string name, string statement, IReadOnlyCollection<T> all, Func<T, bool> holds, Func<T, string> nameOf) =>
        new(name, statement, all.Count, [.. all.Where(one => !holds(one)).Take(NamedViolations).Select(nameOf)]);

    private static string Name(Partition partition) => partition.TopicPartition.ToString();

    private static bool HasOrder(Partition partition)
    {
        PartitionLog log = partition.Log;
        long start = log.LogStartOffset;
        long highWatermark = log.HighWatermark;
        return start <= log.HighWatermark && highWatermark <= log.LogEndOffset;
    }

    private static bool HasRisingEpochs(Partition partition)
    {
        var epochs = partition.Log.Epochs.Entries;
        long end = partition.Log.LogEndOffset;
        return epochs.Zip(epochs.Skip(1)).All(pair =>
                pair.First.Epoch < pair.Second.Epoch && pair.First.StartOffset < pair.Second.StartOffset)
            && (epochs.Count == 0 || epochs[^1].StartOffset <= end);
    }

    private static bool IsSubset(int[] some, PartitionRegistration partition) =>
        some.All(partition.Replicas.Contains) && some.Distinct().Count() == some.Length;
}

internal sealed record NodeInvariants(int Node, IReadOnlyList<InvariantData> Invariants);

/// <param name="Checked">How many partitions or the like were looked at.</param>
/// <param name="Violations">What it does not hold for; empty where all is well.</param>
internal sealed record InvariantData(string Name, string Statement, int Checked, IReadOnlyList<string> Violations);
