using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>The settings of one simulated quorum, some of them drawn.</summary>
internal sealed class QuorumSetup
{
    private readonly RaftSettings _settings;

    public QuorumSetup(SimWorld world)
    {
        Prng chance = world.Chance.Fork();
        Count = world.Scenario.NodeCount;
        _settings = new RaftSettings
        {
            NodeId = 0,
            Planted = world.Planted,
            DirectoryId = default,
            ClusterId = "sim-cluster",
            Voters = VoterSet.FromEndpoints(Enumerable.Range(0, Count)
                .Select(id => new PeerEndpoint(id, SimNetwork.NameOf(id), QuorumMachine.Port))),
            // Small enough that segments roll, logs are cut and snapshots are fetched within seconds.
            SegmentBytes = chance.Between(1, 8) * 1024,
            RetentionBytes = chance.Between(2, 40) * 1024,
            FetchMaxBytes = chance.Between(1, 64) * 512,
            FetchSnapshotMaxBytes = chance.Between(1, 16) * 256,
        };
        _directories = [.. Enumerable.Range(0, Count).Select(_ => chance.NextUuid())];
        IsDynamic = chance.Below(2) == 0;
        FirstVoters = new VoterSet(Enumerable.Range(0, IsDynamic ? Count - 1 : 0).Select(id =>
            Voter.TryCreate(KeyOf(id), ListenersOf(id), _settings.ControllerListenerName, 0, 1)!.Value));
    }

    private readonly Uuid[] _directories;

    public int Count { get; }

    /// <summary>Voters come and go (KIP-853); at first all but the last node vote.</summary>
    public bool IsDynamic { get; }

    /// <summary>With dynamic voters, those of the formatted snapshot.</summary>
    public VoterSet FirstVoters { get; }

    public ReplicaKey KeyOf(int id) => new(id, _directories[id]);

    public static IReadOnlyList<VoterListener> ListenersOf(int id) =>
        [new VoterListener("CONTROLLER", SimNetwork.NameOf(id), QuorumMachine.Port)];

    public RaftSettings SettingsOf(int id) => IsDynamic
        ? _settings with
        {
            NodeId = id,
            DirectoryId = _directories[id],
            Voters = VoterSet.Empty,
            BootstrapServers = [.. _settings.Voters.All.Select(voter => voter.Endpoint)],
            OwnListeners = ListenersOf(id),
        }
        : _settings with { NodeId = id, DirectoryId = _directories[id] };
}
