using System.Diagnostics;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The replica's answers as Kafka's messages.</summary>
internal sealed class OutgoingReplies(Func<PeerEndpoint?> leaderEndpoint)
{
    /// <summary>The answer to a request, at its version.</summary>
    /// <param name="bytes">Records or snapshot bytes that go with it.</param>
    public IApiMessage ToMessage(IApiMessage request, short version, RaftReply reply, ReadOnlyMemory<byte> bytes) =>
        (request, reply) switch
        {
            (VoteRequest, RaftReply.Vote vote) => Vote(version, vote),
            (BeginQuorumEpochRequest, RaftReply.Epoch epoch) => BeginEpoch(version, epoch),
            (EndQuorumEpochRequest, RaftReply.Epoch epoch) => EndEpoch(version, epoch),
            (FetchRequest, RaftReply.Fetch fetch) => Fetch(version, fetch, bytes),
            (FetchSnapshotRequest, RaftReply.Snapshot snapshot) => Snapshot(version, snapshot, bytes),
            (_, RaftReply.VoterChange change) => VoterReplies.ToMessage(request, change, EndpointOf(change.Leader)),
            _ => throw new UnreachableException(),
        };

    private VoteResponse Vote(short version, RaftReply.Vote reply)
    {
        VoteResponse message = new()
        {
            Topics =
            [
                new VoteResponse.TopicData
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new VoteResponse.PartitionData
                        {
                            ErrorCode = reply.Error,
                            LeaderId = reply.Leader.LeaderId ?? -1,
                            LeaderEpoch = reply.Leader.Epoch,
                            VoteGranted = reply.Granted,
                        },
                    ],
                },
            ],
        };
        if (version >= 1 && EndpointOf(reply.Leader) is { } endpoint)
        {
            message.NodeEndpoints.Add(new VoteResponse.NodeEndpoint
            {
                NodeId = endpoint.NodeId,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }

        return message;
    }

    private BeginQuorumEpochResponse BeginEpoch(short version, RaftReply.Epoch reply)
    {
        BeginQuorumEpochResponse message = new()
        {
            Topics =
            [
                new BeginQuorumEpochResponse.TopicData
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new BeginQuorumEpochResponse.PartitionData
                        {
                            ErrorCode = reply.Error,
                            LeaderId = reply.Leader.LeaderId ?? -1,
                            LeaderEpoch = reply.Leader.Epoch,
                        },
                    ],
                },
            ],
        };
        if (version >= 1 && EndpointOf(reply.Leader) is { } endpoint)
        {
            message.NodeEndpoints.Add(new BeginQuorumEpochResponse.NodeEndpoint
            {
                NodeId = endpoint.NodeId,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }

        return message;
    }

    private EndQuorumEpochResponse EndEpoch(short version, RaftReply.Epoch reply)
    {
        EndQuorumEpochResponse message = new()
        {
            Topics =
            [
                new EndQuorumEpochResponse.TopicData
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new EndQuorumEpochResponse.PartitionData
                        {
                            ErrorCode = reply.Error,
                            LeaderId = reply.Leader.LeaderId ?? -1,
                            LeaderEpoch = reply.Leader.Epoch,
                        },
                    ],
                },
            ],
        };
        if (version >= 1 && EndpointOf(reply.Leader) is { } endpoint)
        {
            message.NodeEndpoints.Add(new EndQuorumEpochResponse.NodeEndpoint
            {
                NodeId = endpoint.NodeId,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }

        return message;
    }

    private FetchResponse Fetch(short version, RaftReply.Fetch reply, ReadOnlyMemory<byte> records)
    {
        FetchResponse.PartitionData partition = new()
        {
            ErrorCode = reply.Error,
            HighWatermark = reply.HighWatermark,
            LogStartOffset = reply.LogStartOffset,
            Records = records,
        };
        if (version >= 12)
        {
            partition.CurrentLeader = new FetchResponse.LeaderIdAndEpoch
            {
                LeaderId = reply.Leader.LeaderId ?? -1,
                LeaderEpoch = reply.Leader.Epoch,
            };
            if (reply.Diverging is { } diverging)
            {
                partition.DivergingEpoch = new FetchResponse.EpochEndOffset
                {
                    Epoch = diverging.Epoch,
                    EndOffset = diverging.EndOffset,
                };
            }

            if (reply.SnapshotId is { } snapshot)
            {
                partition.SnapshotId = new FetchResponse.SnapshotId
                {
                    Epoch = snapshot.Epoch,
                    EndOffset = snapshot.EndOffset,
                };
            }
        }

        FetchResponse message = new()
        {
            Responses =
            [
                new FetchResponse.FetchableTopicResponse
                {
                    Topic = MetadataLog.TopicName,
                    TopicId = Uuid.MetadataTopicId,
                    Partitions = [partition],
                },
            ],
        };
        if (version >= 16 && EndpointOf(reply.Leader) is { } endpoint)
        {
            message.NodeEndpoints.Add(new FetchResponse.NodeEndpoint
            {
                NodeId = endpoint.NodeId,
                Host = endpoint.Host,
                Port = endpoint.Port,
            });
        }

        return message;
    }

    private FetchSnapshotResponse Snapshot(short version, RaftReply.Snapshot reply, ReadOnlyMemory<byte> bytes)
    {
        FetchSnapshotResponse message = new()
        {
            Topics =
            [
                new FetchSnapshotResponse.TopicSnapshot
                {
                    Name = MetadataLog.TopicName,
                    Partitions =
                    [
                        new FetchSnapshotResponse.PartitionSnapshot
                        {
                            ErrorCode = reply.Error,
                            SnapshotId = new FetchSnapshotResponse.SnapshotId
                            {
                                Epoch = reply.SnapshotId.Epoch,
                                EndOffset = reply.SnapshotId.EndOffset,
                            },
                            CurrentLeader = new FetchSnapshotResponse.LeaderIdAndEpoch
                            {
                                LeaderId = reply.Leader.LeaderId ?? -1,
                                LeaderEpoch = reply.Leader.Epoch,
                            },
                            Size = reply.SizeBytes,
                            Position = reply.Position,
                            UnalignedRecords = bytes,
                        },
                    ],
                },
            ],
        };
        if (version >= 1 && EndpointOf(reply.Leader) is { } endpoint)
        {
            message.NodeEndpoints.Add(new FetchSnapshotResponse.NodeEndpoint
            {
                NodeId = endpoint.NodeId,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }

        return message;
    }

    // The replica has not moved on between its answer and this: both are one turn of the strand.
    private PeerEndpoint? EndpointOf(LeaderAndEpoch leader) =>
        leader.LeaderId is { } id && leaderEndpoint() is { } endpoint ? endpoint with { NodeId = id } : null;
}
