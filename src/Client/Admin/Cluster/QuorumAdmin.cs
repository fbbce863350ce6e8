using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>The metadata quorum and its voters.</summary>
public sealed class QuorumAdmin
{
    private const string MetadataTopic = "__cluster_metadata";

    private readonly AdminCalls _calls;

    internal QuorumAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The quorum's leader and how far every replica is (KIP-595, KIP-836).</summary>
    public Task<QuorumDescription> DescribeAsync(CancellationToken cancellation = default) =>
        _calls.AnyAsync<DescribeQuorumResponse, QuorumDescription>(
            new DescribeQuorumRequest
            {
                Topics =
                [
                    new DescribeQuorumRequest.TopicData
                    {
                        TopicName = MetadataTopic,
                        Partitions = [new DescribeQuorumRequest.PartitionData { PartitionIndex = 0 }],
                    },
                ],
            },
            Read, cancellation);

    /// <summary>Makes a controller that follows the log a voter (KIP-853).</summary>
    /// <param name="id">Its node id.</param>
    /// <param name="directoryId">Of its metadata log's folder: <see cref="QuorumReplica.DirectoryId"/> of the
    /// observer.</param>
    /// <param name="listeners">Where the other voters reach it, by the name of the listener.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <exception cref="KafkaException">It is a voter, another change goes on, or it does not keep up.</exception>
    public async Task AddVoterAsync(
        int id, Uuid directoryId, IReadOnlyDictionary<string, BrokerAddress> listeners,
        CancellationToken cancellation = default) => await _calls.AnyAsync<AddRaftVoterResponse, bool>(
            new AddRaftVoterRequest
            {
                ClusterId = null,
                TimeoutMs = _calls.TimeoutMs,
                VoterId = id,
                VoterDirectoryId = directoryId,
                Listeners = [.. listeners.Select(listener => new AddRaftVoterRequest.Listener
                {
                    Name = listener.Key,
                    Host = listener.Value.Host,
                    Port = (ushort)listener.Value.Port,
                })],
            },
            answer => Items.Done(answer.ErrorCode, answer.ErrorMessage), cancellation);

    /// <summary>Takes a voter out of the quorum (KIP-853).</summary>
    /// <exception cref="KafkaException">It is no voter, another change goes on, or it is the last.</exception>
    public async Task RemoveVoterAsync(int id, Uuid directoryId, CancellationToken cancellation = default) =>
        await _calls.AnyAsync<RemoveRaftVoterResponse, bool>(
            new RemoveRaftVoterRequest { ClusterId = null, VoterId = id, VoterDirectoryId = directoryId },
            answer => Items.Done(answer.ErrorCode, answer.ErrorMessage), cancellation);

    private static Outcome<QuorumDescription> Read(DescribeQuorumResponse answer)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            return Outcome.Failed<QuorumDescription>(answer.ErrorCode, answer.ErrorMessage);
        }

        return answer.Topics is [{ Partitions: [{ } found] }]
            ? Outcome.Of(found.ErrorCode, found.ErrorMessage, new QuorumDescription(
                found.LeaderId, found.LeaderEpoch, found.HighWatermark,
                [.. found.CurrentVoters.Select(Replica)], [.. found.Observers.Select(Replica)])
            {
                Endpoints = answer.Nodes.ToDictionary(
                    node => node.NodeId,
                    IReadOnlyDictionary<string, BrokerAddress> (node) => node.Listeners.ToDictionary(
                        listener => listener.Name,
                        listener => new BrokerAddress(listener.Host, listener.Port))),
            })
            : Outcome.Failed<QuorumDescription>(
                ErrorCode.UnknownServerError, "the answer does not name the metadata partition");
    }

    private static QuorumReplica Replica(DescribeQuorumResponse.ReplicaState state) => new(
        state.ReplicaId, state.ReplicaDirectoryId, state.LogEndOffset, state.LastFetchTimestamp,
        state.LastCaughtUpTimestamp);
}
