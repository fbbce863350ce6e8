using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>A machine that runs nothing but a replica of the metadata log.</summary>
internal sealed class QuorumMachine(SimWorld world, int id, QuorumSetup setup, QuorumModel model)
    : SimMachine(world, id)
{
    public const int Port = 9093;
    private const string Directory = "/data";
    private RaftDriver? _driver;

    public QuorumStory? Story { get; private set; }

    public int CommittedCount { get; private set; }

    public RaftView? View
    {
        get
        {
            if (_driver is not { } driver || Story is null)
            {
                return null;
            }

            LeaderAndEpoch leader = driver.Leader;
            // Before it has read its disk it says nothing of itself.
            return leader.Epoch == 0
                ? null
                : new RaftView(Id, Life, leader.Epoch, leader.LeaderId ?? -1,
                    driver.LatestSnapshotId?.EndOffset ?? 0, driver.HighWatermark, driver.LogEndOffset)
                {
                    Voters = setup.IsDynamic ? VoterIds : null,
                };
        }
    }

    /// <summary>For messages.</summary>
    public string State => Story is null
        ? $"node {Id} is down"
        : $"{View}, was handed {Story.NextOffset}, heard of {Story.Leader}";

    /// <summary>Who votes, as this node's log says.</summary>
    public IReadOnlyList<int> VoterIds => _driver is { } driver ? [.. driver.Voters.All.Select(voter => voter.Id)] : [];

    /// <summary>Asks this node, as an operator would, to add or remove a voter; whatever it answers.</summary>
    public void ChangeVoters(int id, bool isAddition)
    {
        if (_driver is not { } driver)
        {
            return;
        }

        ReplicaKey key = setup.KeyOf(id);
        if (isAddition)
        {
            AddRaftVoterRequest add = new() { VoterId = id, VoterDirectoryId = key.DirectoryId };
            add.Listeners.AddRange(QuorumSetup.ListenersOf(id).Select(own => new AddRaftVoterRequest.Listener
            {
                Name = own.Name,
                Host = own.Host,
                Port = (ushort)own.Port,
            }));
            driver.Handle(add, 1, (answer, _) => Say($"add {id}", ((AddRaftVoterResponse)answer).ErrorCode));
        }
        else
        {
            RemoveRaftVoterRequest remove = new() { VoterId = id, VoterDirectoryId = key.DirectoryId };
            driver.Handle(remove, 0, (answer, _) => Say($"remove {id}", ((RemoveRaftVoterResponse)answer).ErrorCode));
        }
    }

    /// <summary>Appends what the workload wants, if this node leads.</summary>
    public bool TryAppend(IReadOnlyList<VersionedRecord> records, bool atomic) =>
        Story is { LeadingEpoch: >= 0 and var epoch } && _driver!.TryAppend(epoch, records, atomic) is not null;

    public void Resign()
    {
        if (Story is { LeadingEpoch: >= 0 and var epoch })
        {
            _driver!.Resign(epoch);
        }
    }

    protected override void Launch(SimProcess process)
    {
        process.Storage.CreateDirectory(Directory);
        if (setup.IsDynamic && !process.Storage.DirectoryExists(Directory + "/__cluster_metadata-0"))
        {
            BootstrapFile.Write(
                process.Storage, Directory, [], setup.FirstVoters.Contains(Id) ? setup.FirstVoters : null,
                kraftVersion: 1, process.Time);
        }

        var driver = new RaftDriver(
            setup.SettingsOf(Id),
            process.Storage,
            Directory,
            process.Transport,
            process.Time,
            process.Chance,
            new SimLogger(World, this, "Raft"))
        {
            Faulted = OnFault,
        };
        _driver = driver;
        _ = Guard(StartAsync(driver, process));
    }

    protected override Task ShutdownAsync() => _driver?.ShutdownAsync() ?? Task.CompletedTask;

    protected override void Forget()
    {
        _driver = null;
        Story = null;
    }

    private async Task StartAsync(RaftDriver driver, SimProcess process)
    {
        await driver.StartAsync();
        Story = new QuorumStory(World, model, driver, Id)
        {
            Committed = names => CommittedCount += names.Count,
        };
        driver.Register(Story);
        process.Host.Listeners[Port] = new ApiListener((request, version, respond) =>
        {
            if (request is ApiVersionsRequest)
            {
                respond(Versions());
                return;
            }

            driver.Handle(request, version, (response, buffer) =>
            {
                respond(response);
                buffer?.Dispose();
            });
        });
    }

    private static ApiVersionsResponse Versions()
    {
        ApiVersionsResponse response = new();
        response.SupportedFeatures.Add(new ApiVersionsResponse.SupportedFeatureKey
        {
            Name = "kraft.version",
            MaxVersion = 1,
        });
        return response;
    }

    private void Say(string what, ErrorCode error) => World.Say($"node {Id}", $"{what}: {error}");
}
