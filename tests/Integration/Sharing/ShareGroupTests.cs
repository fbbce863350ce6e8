using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Integration.Sharing;

/// <summary>Share groups (KIP-932) on one node, request by request.</summary>
public sealed class ShareGroupTests
{
    private const string Topic = "jobs";
    private const string Group = "workers";
    private const string Member = "AAAAAAAAAAAAAAAAAAAAGQ";
    private const int RecordCount = 10;
    private const sbyte GroupConfig = 32;
    private const sbyte AcknowledgeAccept = 1;
    private const sbyte Release = 2;
    private const sbyte Reject = 3;

    [Fact]
    public async Task Records_AcceptedReleasedAndRejected_EndOnce()
    {
        await using TestServer server = await StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        Uuid topicId = await FillAsync(connection);
        await JoinAsync(connection);

        ShareFetchResponse first = await FetchAsync(connection, topicId, epoch: 0);
        Assert.Equal([(0L, 9L, 1)], AcquiredOf(first));

        // 0 to 6 are done, 7 is for somebody else, 8 and 9 are never to come again.
        ShareFetchResponse second = await FetchAsync(
            connection, topicId, epoch: 1, [(0, 6, AcknowledgeAccept), (7, 7, Release), (8, 9, Reject)]);
        Assert.Equal([(7L, 7L, 2)], AcquiredOf(second));

        ShareAcknowledgeResponse last = await connection.AskAsync<ShareAcknowledgeResponse>(
            new ShareAcknowledgeRequest
            {
                GroupId = Group,
                MemberId = Member,
                ShareSessionEpoch = 2,
                Topics =
                [
                    new() { TopicId = topicId, Partitions = [AcknowledgePartition(7, 7, AcknowledgeAccept)] },
                ],
            }, 2);
        Assert.Equal(ErrorCode.None, last.Responses[0].Partitions[0].ErrorCode);

        DescribeShareGroupOffsetsResponse offsets = await connection.AskAsync<DescribeShareGroupOffsetsResponse>(
            new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = Group, Topics = null }] }, 1);
        Assert.Equal(0, offsets.Groups[0].Topics[0].Partitions[0].Lag);
    }

    [Fact]
    public async Task Records_OfAMemberThatIsGone_GoToTheNext()
    {
        await using TestServer server = await StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        Uuid topicId = await FillAsync(connection);
        await JoinAsync(connection);
        using (RawConnection gone = await RawConnection.OpenAsync(server.ClientPort))
        {
            ShareFetchResponse held = await FetchAsync(gone, topicId, epoch: 0, member: "gone");
            Assert.Equal([(0L, 9L, 1)], AcquiredOf(held));
        }

        ShareFetchResponse taken = await FetchAsync(connection, topicId, epoch: 0);
        Assert.Equal([(0L, 9L, 2)], AcquiredOf(taken));
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        ("offsets.topic.replication.factor", "1"), ("offsets.topic.num.partitions", "1"),
        ("share.coordinator.state.topic.replication.factor", "1"), ("share.coordinator.state.topic.min.isr", "1"),
        ("share.coordinator.state.topic.num.partitions", "1"));

    private static async Task<Uuid> FillAsync(RawConnection connection)
    {
        CreateTopicsResponse created = await connection.AskAsync<CreateTopicsResponse>(
            new CreateTopicsRequest
            {
                TimeoutMs = 10_000,
                Topics = [new() { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }],
            }, 7);
        using RecordBatchBuilder builder = new();
        for (int i = 0; i < RecordCount; i++)
        {
            builder.Append(1_000 + i, null, new byte[] { (byte)i });
        }

        byte[] records = builder.Build().ToArray();
        await UntilAsync(async () =>
        {
            ProduceResponse produced = await connection.AskAsync<ProduceResponse>(
                new ProduceRequest
                {
                    Acks = -1,
                    TimeoutMs = 10_000,
                    TopicData = [new() { Name = Topic, PartitionData = [new() { Index = 0, Records = records }] }],
                }, 9);
            return produced.Responses[0].PartitionResponses[0].ErrorCode == ErrorCode.None;
        });
        return created.Topics[0].TopicId;
    }

    /// <summary>Joins the group, which begins with the first record, until it has its partition.</summary>
    private static async Task JoinAsync(RawConnection connection)
    {
        IncrementalAlterConfigsResponse altered = await connection.AskAsync<IncrementalAlterConfigsResponse>(
            new IncrementalAlterConfigsRequest
            {
                Resources =
                [
                    new()
                    {
                        ResourceType = GroupConfig,
                        ResourceName = Group,
                        Configs = [new() { Name = "share.auto.offset.reset", Value = "earliest" }],
                    },
                ],
            }, 1);
        Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);
        await UntilAsync(async () =>
        {
            FindCoordinatorResponse found = await connection.AskAsync<FindCoordinatorResponse>(
                new FindCoordinatorRequest { CoordinatorKeys = [Group] }, 6);
            return found.Coordinators[0].ErrorCode == ErrorCode.None;
        });
        int epoch = 0;
        await UntilAsync(async () =>
        {
            ShareGroupHeartbeatResponse response = await connection.AskAsync<ShareGroupHeartbeatResponse>(
                new ShareGroupHeartbeatRequest
                {
                    GroupId = Group,
                    MemberId = Member,
                    MemberEpoch = epoch,
                    SubscribedTopicNames = [Topic],
                }, 1);
            epoch = response.ErrorCode == ErrorCode.None ? response.MemberEpoch : epoch;
            return response.Assignment is { TopicPartitions.Count: > 0 };
        });
    }

    private static Task<ShareFetchResponse> FetchAsync(
        RawConnection connection, Uuid topicId, int epoch,
        (long First, long Last, sbyte Type)[]? said = null, string member = Member) =>
        connection.AskAsync<ShareFetchResponse>(
            new ShareFetchRequest
            {
                GroupId = Group,
                MemberId = member,
                ShareSessionEpoch = epoch,
                MaxWaitMs = 10_000,
                MinBytes = 1,
                MaxBytes = 1_000_000,
                MaxRecords = 100,
                BatchSize = 100,
                Topics =
                [
                    new()
                    {
                        TopicId = topicId,
                        Partitions =
                        [
                            new()
                            {
                                PartitionIndex = 0,
                                AcknowledgementBatches = [.. (said ?? []).Select(
                                    one => new ShareFetchRequest.AcknowledgementBatch
                                    {
                                        FirstOffset = one.First,
                                        LastOffset = one.Last,
                                        AcknowledgeTypes = [one.Type],
                                    })],
                            },
                        ],
                    },
                ],
            }, 2);

    private static ShareAcknowledgeRequest.AcknowledgePartition AcknowledgePartition(
        long first, long last, sbyte type) => new()
        {
            PartitionIndex = 0,
            AcknowledgementBatches = [new() { FirstOffset = first, LastOffset = last, AcknowledgeTypes = [type] }],
        };

    private static (long First, long Last, int Count)[] AcquiredOf(ShareFetchResponse response)
    {
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return [.. response.Responses.SelectMany(topic => topic.Partitions)
            .SelectMany(partition => partition.AcquiredRecords)
            .Select(range => (range.FirstOffset, range.LastOffset, (int)range.DeliveryCount))];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (int i = 0; !await isSo(); i++)
        {
            Assert.True(i < 1_000, "It did not come to be.");
            await Task.Delay(20);
        }
    }
}
