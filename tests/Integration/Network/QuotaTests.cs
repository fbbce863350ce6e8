using System.Diagnostics;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Integration.Network;

/// <summary>Quotas over real sockets: what the answer says, and that the connection is not read meanwhile.</summary>
public sealed class QuotaTests
{
    private const short ProduceVersion = 9;
    private const short FetchVersion = 12;

    [Fact]
    public async Task Produce_BeyondTheQuota_SaysSoAndTheNextWaits()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("quota.window.num", "2"), ("quota.window.size.seconds", "1"));
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection, "t");
        await SetAsync(connection, ("client-id", null), "producer_byte_rate", 10_000);

        int throttleMs = 0;
        await Eventually(async () =>
        {
            throttleMs = (await ProduceAsync(connection, 4_000)).ThrottleTimeMs;
            return throttleMs > 0;
        });
        long start = Stopwatch.GetTimestamp();
        await connection.AskAsync<MetadataResponse>(new MetadataRequest { Topics = [] }, 12);
        double waitedMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        Assert.InRange(throttleMs, 1, 10_000);
        Assert.True(waitedMs >= throttleMs - 50, $"{waitedMs} of {throttleMs} ms");
        await SetAsync(connection, ("client-id", null), "producer_byte_rate", null);
        await Eventually(async () => (await ProduceAsync(connection, 100_000)).ThrottleTimeMs == 0);
    }

    [Fact]
    public async Task Fetch_BeyondTheQuota_IsEmptyAndComesLater()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("quota.window.num", "2"), ("quota.window.size.seconds", "1"));
        using RawConnection connection = await RawConnection.OpenAsync(server.ClientPort);
        await CreateTopicAsync(connection, "t");
        for (int i = 0; i < 20; i++)
        {
            await ProduceAsync(connection, 4_000);
        }

        await SetAsync(connection, ("user", null), "consumer_byte_rate", 20_000);
        long start = Stopwatch.GetTimestamp();
        (long offset, int throttled, bool wasEmpty) = (0, 0, true);
        while (offset < 20)
        {
            FetchResponse answer = await connection.AskAsync<FetchResponse>(FetchOf("t", offset), FetchVersion);
            if (answer.ThrottleTimeMs > 0)
            {
                throttled++;
                wasEmpty &= answer.Responses.Count == 0;
                continue;
            }

            offset += CountOf(answer.Responses[0].Partitions[0].Records!.Value);
        }

        Assert.True(throttled > 0);
        Assert.True(wasEmpty);
        // 80 kB at 20 kB a second, but for a burst of a second and what a window forgets.
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds > 1);
    }

    [Fact]
    public async Task Connections_FromAnAddressBeyondItsQuota_AreClosed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawConnection first = await RawConnection.OpenAsync(server.ClientPort);
        await SetAsync(first, ("ip", "127.0.0.1"), "connection_creation_rate", 1);

        int closed = 0;
        List<RawConnection> open = [];
        for (int i = 0; i < 20; i++)
        {
            open.Add(await RawConnection.OpenAsync(server.ClientPort));
            await open[^1].SendAsync(RawConnection.Encode(new MetadataRequest { Topics = [] }, 12));
            if (await open[^1].ReceiveAsync() is null)
            {
                closed++;
                break;
            }
        }

        open.ForEach(connection => connection.Dispose());
        Assert.Equal(1, closed);
        Assert.InRange(open.Count, 9, 13);
    }

    private static async Task SetAsync(
        RawConnection connection, (string Type, string? Name) entity, string key, double? value)
    {
        AlterClientQuotasResponse answer = await connection.AskAsync<AlterClientQuotasResponse>(
            new AlterClientQuotasRequest
            {
                Entries =
                [
                    new()
                    {
                        Entity = [new() { EntityType = entity.Type, EntityName = entity.Name }],
                        Ops = [new() { Key = key, Value = value ?? 0, Remove = value is null }],
                    },
                ],
            }, 1);
        Assert.Equal(ErrorCode.None, answer.Entries[0].ErrorCode);
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 200; i++)
        {
            if (await condition())
            {
                return;
            }
        }

        Assert.Fail("not within 200 tries");
    }

    private static async Task CreateTopicAsync(RawConnection connection, string name)
    {
        CreateTopicsResponse created = await connection.AskAsync<CreateTopicsResponse>(
            new CreateTopicsRequest
            {
                TimeoutMs = 10_000,
                Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 }],
            }, 5);
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
        await Eventually(async () => (await ProduceAsync(connection, 1)).Responses[0].PartitionResponses[0].ErrorCode
            == ErrorCode.None);
    }

    private static Task<ProduceResponse> ProduceAsync(RawConnection connection, int bytes) =>
        connection.AskAsync<ProduceResponse>(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 10_000,
                TopicData =
                [
                    new() { Name = "t", PartitionData = [new() { Index = 0, Records = BatchOf(bytes) }] },
                ],
            }, ProduceVersion);

    private static byte[] BatchOf(int bytes)
    {
        using RecordBatchBuilder builder = new();
        builder.Append(0, null, new byte[bytes]);
        return builder.Build().ToArray();
    }

    private static FetchRequest FetchOf(string topic, long offset)
    {
        FetchRequest request = new() { MaxWaitMs = 100, MinBytes = 1, MaxBytes = 10_000, SessionEpoch = -1 };
        FetchRequest.FetchTopic asked = new() { Topic = topic };
        asked.Partitions.Add(new() { Partition = 0, FetchOffset = offset, PartitionMaxBytes = 10_000 });
        request.Topics.Add(asked);
        return request;
    }

    private static int CountOf(ReadOnlyMemory<byte> records)
    {
        int count = 0;
        foreach (RecordBatchView batch in new RecordBatchEnumerator(records.Span))
        {
            count += batch.RecordCount;
        }

        return count;
    }
}
