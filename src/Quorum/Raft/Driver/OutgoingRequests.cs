using System.Diagnostics;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The replica's requests as Kafka's messages.</summary>
internal sealed class OutgoingRequests(RaftSettings settings)
{
    /// <summary>From here on ApiVersions names features that begin at level 0 (KIP-1022).</summary>
    private const short VersionsWithFeatures = 4;

    private readonly VoterRequests _voters = new(settings);

    public IApiMessage ToMessage(int to, RaftRequest request) => request switch
    {
        RaftRequest.Vote vote => Vote(to, vote),
        RaftRequest.BeginEpoch begin => BeginEpoch(to, begin),
        RaftRequest.EndEpoch end => EndEpoch(end),
        RaftRequest.Fetch fetch => Fetch(fetch),
        RaftRequest.FetchSnapshot fetch => FetchSnapshot(fetch),
        RaftRequest.AddVoter add => _voters.ToMessage(add),
        RaftRequest.RemoveVoter remove => _voters.ToMessage(remove),
        RaftRequest.UpdateVoter update => _voters.ToMessage(update),
        RaftRequest.AskVersions => new ApiVersionsRequest
        {
            ClientSoftwareName = "kraftsharp",
            ClientSoftwareVersion = "1",
        },
        _ => throw new UnreachableException(),
    };

    /// <summary>The newest version that is spoken.</summary>
    public static short MaxVersion(RaftRequest request) => request switch
    {
        RaftRequest.Vote => 2,
        RaftRequest.BeginEpoch or RaftRequest.EndEpoch or RaftRequest.FetchSnapshot => 1,
        RaftRequest.Fetch => 18,
        RaftRequest.AddVoter => 1,
        RaftRequest.RemoveVoter or RaftRequest.UpdateVoter => 0,
        RaftRequest.AskVersions => VersionsWithFeatures,
        _ => throw new UnreachableException(),
    };

    private VoteRequest Vote(int to, RaftRequest.Vote vote) => new()
    {
        ClusterId = settings.ClusterId,
        VoterId = to,
        Topics =
        [
            new VoteRequest.TopicData
            {
                TopicName = MetadataLog.TopicName,
                Partitions =
                [
                    new VoteRequest.PartitionData
                    {
                        ReplicaEpoch = vote.Epoch,
                        ReplicaId = vote.Candidate.Id,
                        ReplicaDirectoryId = vote.Candidate.DirectoryId,
                        VoterDirectoryId = vote.Target?.DirectoryId ?? default,
                        LastOffsetEpoch = vote.LogEnd.Epoch,
                        LastOffset = vote.LogEnd.EndOffset,
                        PreVote = vote.IsPreVote,
                    },
                ],
            },
        ],
    };

    private BeginQuorumEpochRequest BeginEpoch(int to, RaftRequest.BeginEpoch begin)
    {
        BeginQuorumEpochRequest message = new()
        {
            ClusterId = settings.ClusterId,
            VoterId = to,
            Topics =
            [
                new BeginQuorumEpochRequest.TopicData
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new BeginQuorumEpochRequest.PartitionData
                        {
                            VoterDirectoryId = begin.Target?.DirectoryId ?? default,
                            LeaderId = begin.LeaderId,
                            LeaderEpoch = begin.Epoch,
                        },
                    ],
                },
            ],
        };
        message.LeaderEndpoints.AddRange(OwnListeners().Select(own => new BeginQuorumEpochRequest.LeaderEndpoint
        {
            Name = own.Name,
            Host = own.Host,
            Port = (ushort)own.Port,
        }));
        return message;
    }

    private EndQuorumEpochRequest EndEpoch(RaftRequest.EndEpoch end)
    {
        EndQuorumEpochRequest message = new()
        {
            ClusterId = settings.ClusterId,
            Topics =
            [
                new EndQuorumEpochRequest.TopicData
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new EndQuorumEpochRequest.PartitionData
                        {
                            LeaderId = end.LeaderId,
                            LeaderEpoch = end.Epoch,
                            PreferredSuccessors = [.. end.Successors.Select(key => key.Id)],
                            PreferredCandidates = [.. end.Successors.Select(key =>
                                new EndQuorumEpochRequest.ReplicaInfo
                                {
                                    CandidateId = key.Id,
                                    CandidateDirectoryId = key.DirectoryId,
                                })],
                        },
                    ],
                },
            ],
        };
        message.LeaderEndpoints.AddRange(OwnListeners().Select(own => new EndQuorumEpochRequest.LeaderEndpoint
        {
            Name = own.Name,
            Host = own.Host,
            Port = (ushort)own.Port,
        }));
        return message;
    }

    private IReadOnlyList<VoterListener> OwnListeners()
    {
        if (settings.OwnListeners.Count > 0)
        {
            return settings.OwnListeners;
        }

        return settings.Voters.TryGet(settings.NodeId, out Voter? self)
            ? [new VoterListener(settings.ControllerListenerName, self.Value.Endpoint.Host, self.Value.Endpoint.Port)]
            : [];
    }

    private FetchRequest Fetch(RaftRequest.Fetch fetch) => new()
    {
        ClusterId = settings.ClusterId,
        ReplicaState = new FetchRequest.ReplicaStateValue { ReplicaId = fetch.Replica.Id },
        MaxWaitMs = fetch.MaxWaitMs,
        MaxBytes = settings.FetchMaxBytes,
        SessionEpoch = -1,
        Topics =
        [
            new FetchRequest.FetchTopic
            {
                Topic = MetadataLog.TopicName,
                TopicId = Uuid.MetadataTopicId,
                Partitions =
                [
                    new FetchRequest.FetchPartition
                    {
                        CurrentLeaderEpoch = fetch.CurrentEpoch,
                        FetchOffset = fetch.FetchOffset,
                        LastFetchedEpoch = fetch.LastFetchedEpoch,
                        PartitionMaxBytes = settings.FetchMaxBytes,
                        ReplicaDirectoryId = fetch.Replica.DirectoryId,
                        HighWatermark = fetch.HighWatermark,
                    },
                ],
            },
        ],
    };

    private FetchSnapshotRequest FetchSnapshot(RaftRequest.FetchSnapshot fetch) => new()
    {
        ClusterId = settings.ClusterId,
        ReplicaId = fetch.Replica.Id,
        MaxBytes = settings.FetchSnapshotMaxBytes,
        Topics =
        [
            new FetchSnapshotRequest.TopicSnapshot
            {
                Name = MetadataLog.TopicName,
                Partitions =
                [
                    new FetchSnapshotRequest.PartitionSnapshot
                    {
                        CurrentLeaderEpoch = fetch.CurrentEpoch,
                        SnapshotId = new FetchSnapshotRequest.SnapshotId
                        {
                            EndOffset = fetch.SnapshotId.EndOffset,
                            Epoch = fetch.SnapshotId.Epoch,
                        },
                        Position = fetch.Position,
                        ReplicaDirectoryId = fetch.Replica.DirectoryId,
                    },
                ],
            },
        ],
    };
}
