using System.Buffers.Binary;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Integration.Network;

/// <summary>Slices that the kernel moves from file to socket arrive as they were written, among others that are read,
/// also at a reader that is slow to take them.</summary>
public sealed class LargeFetchTests
{
    private const short ProduceVersion = 9;
    private const short FetchVersion = 11;
    private const int ValueBytes = 100_000;

    // Batches of each partition: more than a socket takes at once, a few bytes, and a slice just beyond the limit.
    private static readonly int[] Batches = [60, 1, 3, 40];

    [Fact]
    public async Task Fetches_OfLargeAndSmallSlices_GiveEveryByte()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection);
        for (int partition = 0; partition < Batches.Length; partition++)
        {
            for (int batch = 0; batch < Batches[partition]; batch++)
            {
                ProduceResponse written = await connection.AskAsync<ProduceResponse>(
                    ProduceOf(partition, batch), ProduceVersion);
                Assert.Equal(ErrorCode.None, written.Responses[0].PartitionResponses[0].ErrorCode);
            }
        }

        // All at once: the answers wait in a full socket until the first is read.
        const int Requests = 5;
        for (int i = 0; i < Requests; i++)
        {
            await connection.SendAsync(RawConnection.Encode(FetchAll(), FetchVersion, i));
        }

        for (int i = 0; i < Requests; i++)
        {
            FetchResponse response = await connection.ReceiveAsync<FetchResponse>(ApiKey.Fetch, FetchVersion, i);
            Assert.Equal(Batches.Length, response.Responses[0].Partitions.Count);
            foreach (FetchResponse.PartitionData data in response.Responses[0].Partitions)
            {
                Check(data);
            }
        }
    }

    [Fact]
    public async Task Reader_WhoLeavesInTheMiddle_HarmsNobody()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection);
        for (int batch = 0; batch < Batches[0]; batch++)
        {
            await connection.AskAsync<ProduceResponse>(ProduceOf(0, batch), ProduceVersion);
        }

        for (int i = 0; i < 20; i++)
        {
            using RawConnection leaving = await RawConnection.OpenAsync(server.ClientPort);
            await leaving.SendAsync(RawConnection.Encode(FetchAll(), FetchVersion));
        }

        FetchResponse response = await connection.AskAsync<FetchResponse>(FetchAll(), FetchVersion);
        Check(response.Responses[0].Partitions[0]);
    }

    private static void Check(FetchResponse.PartitionData data)
    {
        int batch = 0;
        foreach (RecordBatchView view in new RecordBatchEnumerator(data.Records!.Value.Span))
        {
            Assert.Equal(batch, view.BaseOffset);
            Assert.True(view.IsCrcValid());
            Assert.Equal((data.PartitionIndex << 16) + batch, BinaryPrimitives.ReadInt32BigEndian(view.Bytes[^5..]));
            batch++;
        }

        Assert.Equal(Batches[data.PartitionIndex], batch);
    }

    private static async Task CreateTopicAsync(RawConnection connection)
    {
        CreateTopicsRequest request = new() { TimeoutMs = 20_000 };
        request.Topics.Add(new() { Name = "large", NumPartitions = Batches.Length, ReplicationFactor = 1 });
        CreateTopicsResponse response = await connection.AskAsync<CreateTopicsResponse>(request, 7);
        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        MetadataResponse metadata;
        do
        {
            MetadataRequest ask = new() { Topics = [new() { Name = "large" }], AllowAutoTopicCreation = false };
            metadata = await connection.AskAsync<MetadataResponse>(ask, 12);
        }
        while (metadata.Topics[0].Partitions.Count < Batches.Length
            || metadata.Topics[0].Partitions.Any(partition => partition.LeaderId < 0));
    }

    private static ProduceRequest ProduceOf(int partition, int batch)
    {
        byte[] value = new byte[ValueBytes];
        new Random((partition << 16) + batch).NextBytes(value);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(ValueBytes - 4), (partition << 16) + batch);
        using RecordBatchBuilder builder = new();
        builder.Append(0, null, value);
        ProduceRequest request = new() { Acks = -1, TimeoutMs = 20_000 };
        ProduceRequest.TopicProduceData data = new() { Name = "large" };
        data.PartitionData.Add(new() { Index = partition, Records = builder.Build().ToArray() });
        request.TopicData.Add(data);
        return request;
    }

    private static FetchRequest FetchAll()
    {
        FetchRequest request = new() { ReplicaId = -1, MaxBytes = 50_000_000, MinBytes = 1, MaxWaitMs = 100 };
        FetchRequest.FetchTopic topic = new() { Topic = "large" };
        for (int partition = 0; partition < Batches.Length; partition++)
        {
            topic.Partitions.Add(
                new() { Partition = partition, PartitionMaxBytes = 20_000_000, CurrentLeaderEpoch = -1 });
        }

        request.Topics.Add(topic);
        return request;
    }
}
