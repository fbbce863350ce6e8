using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Integration.Network;

/// <summary>Requests of one connection are answered in their order, and what the limits say holds.</summary>
public sealed class PipelineTests
{
    private const short MetadataVersion = 12;

    [Fact]
    public async Task Requests_SentTogether_AreAnsweredInOrder()
    {
        const int Count = 300;
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        List<byte> all = [];
        for (int i = 0; i < Count; i++)
        {
            all.AddRange(RawConnection.Encode(new MetadataRequest { Topics = [] }, MetadataVersion, i));
        }

        await connection.SendAsync([.. all]);

        for (int i = 0; i < Count; i++)
        {
            await connection.ReceiveAsync<MetadataResponse>(ApiKey.Metadata, MetadataVersion, i);
        }
    }

    [Fact]
    public async Task Produce_WithoutAcknowledgement_SendsNothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection, "quiet");
        await connection.SendAsync(RawConnection.Encode(ProduceOf("quiet", acks: 0), 9, 1));
        await connection.SendAsync(RawConnection.Encode(new MetadataRequest { Topics = [] }, MetadataVersion, 2));

        await connection.ReceiveAsync<MetadataResponse>(ApiKey.Metadata, MetadataVersion, 2);
        ListOffsetsResponse offsets = await connection.AskAsync<ListOffsetsResponse>(LatestOf("quiet"), 7);

        Assert.Equal(1, offsets.Topics[0].Partitions[0].Offset);
    }

    [Fact]
    public async Task ManyProduces_SentTogether_GetRisingOffsetsInOrder()
    {
        const int Count = 100;
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection, "many");
        List<byte> all = [];
        for (int i = 0; i < Count; i++)
        {
            all.AddRange(RawConnection.Encode(ProduceOf("many", acks: -1), 9, i));
        }

        await connection.SendAsync([.. all]);

        for (int i = 0; i < Count; i++)
        {
            var response = await connection.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9, i);
            Assert.Equal(ErrorCode.None, response.Responses[0].PartitionResponses[0].ErrorCode);
            Assert.Equal(i, response.Responses[0].PartitionResponses[0].BaseOffset);
        }
    }

    [Fact]
    public async Task MoreRequestsThanMayWait_WithoutAcknowledgement_AreAllCarriedOut()
    {
        const int Count = 200;
        await using TestServer server = await TestServer.StartAsync(("queued.max.requests", "4"));
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection, "bounded");
        for (int i = 0; i < Count; i++)
        {
            await connection.SendAsync(RawConnection.Encode(ProduceOf("bounded", acks: 0), 9, i));
        }

        ListOffsetsResponse offsets = await connection.AskAsync<ListOffsetsResponse>(LatestOf("bounded"), 7);

        Assert.Equal(Count, offsets.Topics[0].Partitions[0].Offset);
    }

    [Fact]
    public async Task Connections_BeyondTheLimitOfTheirAddress_AreClosed()
    {
        // The node's own connections to its controller count too.
        await using TestServer server = await TestServer.StartAsync(("max.connections.per.ip", "8"));
        List<RawConnection> open = [];
        int refused = 0;
        for (int i = 0; i < 12; i++)
        {
            open.Add(await RawConnection.OpenAsync(server.ClientPort));
            await open[^1].SendAsync(RawConnection.Encode(new MetadataRequest { Topics = [] }, MetadataVersion));
            refused += await open[^1].ReceiveAsync() is null ? 1 : 0;
        }

        Assert.InRange(refused, 4, 11);
        open.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Connection_IdleTooLong_IsClosed()
    {
        await using TestServer server = await TestServer.StartAsync(("connections.max.idle.ms", "200"));
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);

        Assert.Null(await connection.ReceiveAsync());
    }

    private static async Task CreateTopicAsync(RawConnection connection, string name)
    {
        CreateTopicsRequest request = new() { TimeoutMs = 20_000 };
        request.Topics.Add(new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 });
        CreateTopicsResponse response = await connection.AskAsync<CreateTopicsResponse>(request, 7);
        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        ErrorCode error;
        do
        {
            MetadataRequest ask = new() { Topics = [new() { Name = name }], AllowAutoTopicCreation = false };
            error = (await connection.AskAsync<MetadataResponse>(ask, MetadataVersion)).Topics[0].ErrorCode;
        }
        while (error != ErrorCode.None);
    }

    private static ProduceRequest ProduceOf(string topic, short acks)
    {
        ProduceRequest request = new() { Acks = acks, TimeoutMs = 20_000 };
        ProduceRequest.TopicProduceData data = new() { Name = topic };
        data.PartitionData.Add(new() { Index = 0, Records = Batch() });
        request.TopicData.Add(data);
        return request;
    }

    private static byte[] Batch()
    {
        using RecordBatchBuilder builder = new();
        builder.Append(0, "key"u8.ToArray(), "value"u8.ToArray());
        return builder.Build().ToArray();
    }

    private static ListOffsetsRequest LatestOf(string topic)
    {
        ListOffsetsRequest request = new() { ReplicaId = -1 };
        ListOffsetsRequest.ListOffsetsTopic asked = new() { Name = topic };
        asked.Partitions.Add(new() { PartitionIndex = 0, Timestamp = -1 });
        request.Topics.Add(asked);
        return request;
    }
}
