using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>The metadata quorum: its leader, how far everybody is, and who votes (KIP-595, KIP-853).</summary>
internal sealed class QuorumRoutes(AdminServices services)
{
    private const int TimeoutMs = 30_000;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/quorum", AdminRole.Reader,
            "The quorum as its leader sees it: epoch, high watermark, each voter's and observer's lag.",
            async _ => AdminReply.Ok(await DescribeAsync(services.Kafka), AdminJson.Default.QuorumData))
        { Answer = AdminJson.Default.QuorumData },
        new("POST", "/v1/quorum/voters", AdminRole.Admin, "Adds a voter (KIP-853).", AddAsync)
        { Body = AdminJson.Default.AddVoterBody, Success = 204, Query = [AdminQuery.DryRun] },
        new("DELETE", "/v1/quorum/voters/{voter_id}", AdminRole.Admin, "Removes a voter (KIP-853).", RemoveAsync)
        {
            Success = 204,
            Query = [AdminQuery.DryRun, new AdminQuery("directory_id", "string", "The voter's directory id.")],
        },
    ];

    public static Task<QuorumData> DescribeAsync(KafkaGateway kafka)
    {
        DescribeQuorumRequest request = new()
        {
            Topics =
            [
                new DescribeQuorumRequest.TopicData
                {
                    TopicName = Quorum.Controller.TopicNames.ClusterMetadata,
                    Partitions = [new DescribeQuorumRequest.PartitionData { PartitionIndex = 0 }],
                },
            ],
        };
        return kafka.AskAnyAsync(request, (DescribeQuorumResponse response) =>
        {
            AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
            DescribeQuorumResponse.PartitionData state = response.Topics[0].Partitions[0];
            AdminProblem.ThrowIf(state.ErrorCode, state.ErrorMessage);
            long end = state.CurrentVoters.Concat(state.Observers)
                .FirstOrDefault(replica => replica.ReplicaId == state.LeaderId)?.LogEndOffset ?? state.HighWatermark;
            return new QuorumData(
                state.LeaderId, state.LeaderEpoch, state.HighWatermark,
                state.CurrentVoters.ConvertAll(replica => View(replica, end)),
                state.Observers.ConvertAll(replica => View(replica, end)));
        });
    }

    private async ValueTask<AdminReply> AddAsync(AdminCall call)
    {
        AddVoterBody body = await call.ReadAsync(AdminJson.Default.AddVoterBody);
        AddRaftVoterRequest request = new()
        {
            ClusterId = services.ClusterId,
            TimeoutMs = TimeoutMs,
            VoterId = body.VoterId,
            VoterDirectoryId = ParseUuid(body.DirectoryId),
        };
        foreach (VoterEndpointBody endpoint in body.Endpoints)
        {
            request.Listeners.Add(new AddRaftVoterRequest.Listener
            {
                Name = endpoint.Name,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }

        if (call.IsDryRun)
        {
            Foresee(await DescribeAsync(services.Kafka), body);
        }
        else
        {
            await services.Kafka.AskAnyAsync(request, (AddRaftVoterResponse response) =>
            {
                AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
                return true;
            });
        }

        return AdminReply.NoContent;
    }

    /// <summary>What the leader would ask too: only a replica that follows it may become a voter.</summary>
    private static void Foresee(QuorumData quorum, AddVoterBody body)
    {
        if (quorum.Voters.Any(voter => voter.Id == body.VoterId))
        {
            throw AdminProblem.Of(ErrorCode.DuplicateVoter, $"Node {body.VoterId} is a voter already");
        }

        if (!quorum.Observers.Any(observer =>
            observer.Id == body.VoterId && observer.DirectoryId == body.DirectoryId))
        {
            throw AdminProblem.BadRequest(
                $"Node {body.VoterId} with directory {body.DirectoryId} does not follow the quorum");
        }
    }

    private async ValueTask<AdminReply> RemoveAsync(AdminCall call)
    {
        int voter = call.RouteInt("voter_id");
        Uuid directory = call.Query("directory_id") is { } text ? ParseUuid(text) : default;
        QuorumData quorum = await DescribeAsync(services.Kafka);
        QuorumReplicaData found = quorum.Voters.FirstOrDefault(replica => replica.Id == voter)
            ?? throw AdminProblem.NotFound($"Node {voter} is no voter");
        if (!call.IsDryRun)
        {
            RemoveRaftVoterRequest request = new()
            {
                ClusterId = services.ClusterId,
                VoterId = voter,
                VoterDirectoryId = directory == default ? ParseUuid(found.DirectoryId) : directory,
            };
            await services.Kafka.AskAnyAsync(request, (RemoveRaftVoterResponse response) =>
            {
                AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
                return true;
            });
        }

        return AdminReply.NoContent;
    }

    private static Uuid ParseUuid(string text) => Uuid.TryParse(text, out Uuid id)
        ? id
        : throw AdminProblem.BadRequest($"{text} is no directory id: 22 characters of base64");

    private static QuorumReplicaData View(DescribeQuorumResponse.ReplicaState replica, long end) => new(
        replica.ReplicaId, replica.ReplicaDirectoryId.ToString(), replica.LogEndOffset,
        Math.Max(0, end - replica.LogEndOffset),
        replica.LastFetchTimestamp < 0 ? null : replica.LastFetchTimestamp,
        replica.LastCaughtUpTimestamp < 0 ? null : replica.LastCaughtUpTimestamp);
}

/// <summary>The quorum as its leader sees it.</summary>
internal sealed record QuorumData(
    int Leader, int Epoch, long HighWatermark, IReadOnlyList<QuorumReplicaData> Voters,
    IReadOnlyList<QuorumReplicaData> Observers);

/// <summary>One voter or observer.</summary>
/// <param name="LogEndOffset">As the leader last heard of it; -1 where it never has.</param>
/// <param name="Lag">Records behind the leader's log end.</param>
/// <param name="LastFetchMs">Milliseconds since the Unix epoch.</param>
internal sealed record QuorumReplicaData(
    int Id, string DirectoryId, long LogEndOffset, long Lag, long? LastFetchMs, long? LastCaughtUpMs);

internal sealed record AddVoterBody(int VoterId, string DirectoryId, IReadOnlyList<VoterEndpointBody> Endpoints);

internal sealed record VoterEndpointBody(string Name, string Host, int Port);
