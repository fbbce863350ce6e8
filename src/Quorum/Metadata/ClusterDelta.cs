using System.Collections.Immutable;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Replays the records about brokers and controllers.</summary>
internal sealed class ClusterDelta
{
    private readonly ClusterImage _before;
    private readonly SortedSet<int> _changedBrokers = [];
    private readonly SortedSet<int> _changedControllers = [];

    public ClusterDelta(ClusterImage before) => _before = After = before;

    public ClusterImage After { get; private set; }

    public IReadOnlySet<int> ChangedBrokers => _changedBrokers;

    public IReadOnlySet<int> ChangedControllers => _changedControllers;

    public void BecomeDifference(ClusterImage after)
    {
        _changedBrokers.UnionWith(_before.Brokers.Keys.Union(after.Brokers.Keys)
            .Where(id => _before.Broker(id) != after.Broker(id)));
        _changedControllers.UnionWith(_before.Controllers.Keys.Union(after.Controllers.Keys).Where(id =>
            _before.Controllers.GetValueOrDefault(id) != after.Controllers.GetValueOrDefault(id)));
        After = after;
    }

    public bool TryReplay(IMetadataRecord record)
    {
        switch (record)
        {
            case RegisterBrokerRecord registration:
                Put(From(registration));
                return true;
            case UnregisterBrokerRecord removal:
                BrokerOf(removal.BrokerId, removal.BrokerEpoch);
                After = After with { Brokers = After.Brokers.Remove(removal.BrokerId) };
                _changedBrokers.Add(removal.BrokerId);
                return true;
            case FenceBrokerRecord fence:
                Put(BrokerOf(fence.Id, fence.Epoch) with { IsFenced = true });
                return true;
            case UnfenceBrokerRecord unfence:
                Put(BrokerOf(unfence.Id, unfence.Epoch) with { IsFenced = false });
                return true;
            case BrokerRegistrationChangeRecord change:
                Replay(change);
                return true;
            case RegisterControllerRecord controller:
                After = After with
                {
                    Controllers = After.Controllers.SetItem(controller.ControllerId, From(controller)),
                };
                _changedControllers.Add(controller.ControllerId);
                return true;
            case UnregisterControllerRecord controller:
                After = After with { Controllers = After.Controllers.Remove(controller.ControllerId) };
                _changedControllers.Add(controller.ControllerId);
                return true;
            default:
                return false;
        }
    }

    private static BrokerRegistration From(RegisterBrokerRecord record) => new()
    {
        Id = record.BrokerId,
        Epoch = record.BrokerEpoch,
        IncarnationId = record.IncarnationId,
        Listeners = ListenersOf(record.EndPoints.Select(end =>
            new ListenerEndpoint(end.Name, end.Host, end.Port, end.SecurityProtocol))),
        Features = FeaturesOf(record.Features.Select(feature =>
            (feature.Name, new VersionRange(feature.MinSupportedVersion, feature.MaxSupportedVersion)))),
        Rack = record.Rack,
        IsFenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        IsMigratingZkBroker = record.IsMigratingZkBroker,
        Directories = [.. record.LogDirs.Order()],
        CordonedDirectories = record.CordonedLogDirs is { } cordoned ? [.. cordoned.Order()] : null,
    };

    private static ControllerRegistration From(RegisterControllerRecord record) => new()
    {
        Id = record.ControllerId,
        IncarnationId = record.IncarnationId,
        ZkMigrationReady = record.ZkMigrationReady,
        Listeners = ListenersOf(record.EndPoints.Select(end =>
            new ListenerEndpoint(end.Name, end.Host, end.Port, end.SecurityProtocol))),
        Features = FeaturesOf(record.Features.Select(feature =>
            (feature.Name, new VersionRange(feature.MinSupportedVersion, feature.MaxSupportedVersion)))),
    };

    private static ImmutableSortedDictionary<string, ListenerEndpoint> ListenersOf(
        IEnumerable<ListenerEndpoint> endpoints) => endpoints.ToImmutableSortedDictionary(
            static endpoint => endpoint.Name, static endpoint => endpoint, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, VersionRange> FeaturesOf(
        IEnumerable<(string Name, VersionRange Range)> features) => features.ToImmutableSortedDictionary(
            static feature => feature.Name, static feature => feature.Range, StringComparer.Ordinal);

    private void Replay(BrokerRegistrationChangeRecord change)
    {
        BrokerRegistration broker = BrokerOf(change.BrokerId, change.BrokerEpoch);
        Put(broker with
        {
            IsFenced = change.Fenced switch { > 0 => true, < 0 => false, _ => broker.IsFenced },
            InControlledShutdown = change.InControlledShutdown > 0 || broker.InControlledShutdown,
            Directories = change.LogDirs.Count > 0 ? [.. change.LogDirs.Order()] : broker.Directories,
            CordonedDirectories = change.CordonedLogDirs is { } cordoned
                ? [.. cordoned.Order()]
                : broker.CordonedDirectories,
        });
    }

    private BrokerRegistration BrokerOf(int id, long epoch)
    {
        BrokerRegistration? broker = After.Broker(id);
        Invariant.Require(broker?.Epoch == epoch, "a changed broker is registered with that epoch", id, epoch);
        return broker!;
    }

    private void Put(BrokerRegistration broker)
    {
        After = After with { Brokers = After.Brokers.SetItem(broker.Id, broker) };
        _changedBrokers.Add(broker.Id);
    }
}
