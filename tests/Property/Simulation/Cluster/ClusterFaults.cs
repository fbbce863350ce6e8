using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// What may be done to a whole cluster. Promised is, with replication 3 and min.insync.replicas 2, for acks=all:
/// processes may die anywhere, all at once and at any moment, because what they wrote is in the page cache. A machine
/// may lose power, and with it what was not synced, while every replica is in its ISR and no link is cut; until the
/// machine is back in every ISR nothing else goes wrong. (Partition logs are not synced before an acknowledgement, as
/// in Apache Kafka; the metadata log is, and has its own simulation without this limit.)
/// </summary>
internal sealed class ClusterFaults(SimWorld world, IReadOnlyList<ClusterMachine> machines) : IFaultTarget
{
    private ClusterMachine? _recovering;
    private long _brokerEpochAtLoss;

    public IReadOnlyList<SimMachine> Machines => machines;

    public bool IsRecovering
    {
        get
        {
            if (_recovering is { } machine && HasRecovered(machine))
            {
                _recovering = null;
            }

            return _recovering is not null;
        }
    }

    /// <summary>The machine that lost power and is not back in every ISR; -1 when there is none.</summary>
    public int RecoveringId => IsRecovering ? _recovering!.Id : -1;

    /// <summary>The newest image that any running node has.</summary>
    public MetadataImage? Newest => machines.Select(machine => machine.Image)
        .Where(image => image is not null)
        .MaxBy(image => image!.Provenance.EndOffset);

    public SimMachine? Find(Target role)
    {
        ClusterMachine? controller = machines.FirstOrDefault(machine => machine.QuorumView?.IsLeader == true);
        if (role == Target.ActiveController)
        {
            return controller;
        }

        string? internalTopic = role switch
        {
            Target.GroupCoordinator => InternalTopic.Offsets,
            Target.TransactionCoordinator => InternalTopic.Transactions,
            _ => null,
        };
        PartitionRegistration? partition = Newest?.Topics.ById.Values
            .Where(topic => internalTopic is null || topic.Name == internalTopic)
            .SelectMany(topic => topic.Partitions.Values).FirstOrDefault(found => found.Leader >= 0);
        int id = partition switch
        {
            null => -1,
            _ when role is Target.PartitionLeader or Target.GroupCoordinator or Target.TransactionCoordinator =>
                partition.Leader,
            _ => Array.Find(partition.Isr, member => member != partition.Leader),
        };
        return id < 0 ? controller : machines[id];
    }

    public bool MayLoseAllMachines => false;

    public bool MayLoseMachine(SimMachine machine) =>
        Newest is { } image
        && machines.All(other => other.HasStarted && !other.IsStopping && image.Cluster.IsActive(other.Id))
        && !world.Network.IsAnyBlocked
        && image.Topics.ById.Values.All(topic =>
            topic.Partitions.Values.All(partition => partition.Isr.Length == partition.Replicas.Length));

    public void HasLostPower(SimMachine machine)
    {
        _recovering = (ClusterMachine)machine;
        _brokerEpochAtLoss = Newest?.Cluster.Broker(machine.Id)?.Epoch ?? -1;
    }

    private bool HasRecovered(ClusterMachine machine) =>
        machine.HasStarted
        && Newest is { } image
        && image.Cluster.Broker(machine.Id) is { IsFenced: false } broker
        && broker.Epoch > _brokerEpochAtLoss
        && image.Topics.ById.Values.All(topic => topic.Partitions.Values.All(partition =>
            !partition.Replicas.Contains(machine.Id) || partition.Isr.Contains(machine.Id)));
}
