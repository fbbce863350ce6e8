using System.Buffers.Binary;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>A coordinator that answers with garbage or claims huge lengths costs a member an error, not memory.
/// </summary>
[Collection(MeasuredGroup.Name)]
public sealed class HostileGroupTests
{
    private const int MostBytes = 30_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private int _asked;

    public static TheoryData<string, string> Bodies
    {
        get
        {
            TheoryData<string, string> bodies = [];
            foreach (string kind in (string[])["classic", "consumer", "share"])
            {
                bodies.Add(kind, "FFFFFFFFFF"); // no end to anything
                bodies.Add(kind, "0000000000" + "0000000000" + "FFFFFFFF0F"); // a compact length of 2^32
                bodies.Add(kind, "0000000000" + "0000" + "00000001" + "7FFFFFFF7FFFFFFF7FFFFFFF");
                bodies.Add(kind, "");
            }

            return bodies;
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Member_CoordinatorAnswersWithGarbage_AsksAgainWithoutMemory(string kind, string body)
    {
        await using HostileBroker broker = Broker((key, _, correlationId) =>
            key is ApiKey.JoinGroup or ApiKey.ConsumerGroupHeartbeat or ApiKey.ShareGroupHeartbeat
                ? Raw(correlationId, Convert.FromHexString(body))
                : null);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        await PollAsync(kind, broker, () => Volatile.Read(ref _asked) >= 3);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MostBytes);
    }

    [Theory]
    [InlineData("00007FFFFFFF")]
    [InlineData("0003000000017FFF")]
    [InlineData("0000000000010001747FFFFFFF")]
    public async Task Member_AssignmentClaimsHugeLengths_IsAnError(string assignment)
    {
        await using HostileBroker broker = Broker((key, version, correlationId) => key switch
        {
            ApiKey.JoinGroup => Encoded(
                new JoinGroupResponse
                {
                    GenerationId = 1,
                    ProtocolType = "consumer",
                    ProtocolName = "range",
                    MemberId = "m",
                    Leader = "m",
                    Members = [new() { MemberId = "m", Metadata = Convert.FromHexString("00037FFFFFFF") }],
                },
                version, correlationId),
            ApiKey.SyncGroup => Encoded(
                new SyncGroupResponse { Assignment = Convert.FromHexString(assignment) }, version, correlationId),
            _ => null,
        });
        long before = GC.GetTotalAllocatedBytes(precise: true);

        KafkaException? error = await PollAsync("classic", broker, () => false);

        Assert.Equal(ErrorCode.CorruptMessage, error?.Code);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MostBytes);
    }

    /// <summary>Until that is so, or until it is an error.</summary>
    private static async Task<KafkaException?> PollAsync(string kind, HostileBroker broker, Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            if (kind == "share")
            {
                await using KafkaShareConsumer sharing = KafkaShareConsumer.Create(new ShareConsumerOptions
                {
                    BootstrapServers = broker.Address.ToString(),
                    GroupId = "g",
                    RetryBackoff = TimeSpan.FromMilliseconds(10),
                });
                sharing.Subscribe("t");
                while (!isSo())
                {
                    Assert.Empty(await sharing.PollAsync(TimeSpan.FromMilliseconds(20), patience.Token));
                }

                return null;
            }

            await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
            {
                BootstrapServers = broker.Address.ToString(),
                GroupId = "g",
                GroupProtocol = kind == "consumer" ? GroupProtocol.Consumer : GroupProtocol.Classic,
                RetryBackoff = TimeSpan.FromMilliseconds(10),
            });
            consumer.Subscribe("t");
            while (!isSo())
            {
                using FetchedRecords fetched = await consumer.PollAsync(
                    TimeSpan.FromMilliseconds(20), patience.Token);
                Assert.Empty(fetched.Partitions);
            }

            return null;
        }
        catch (KafkaException error)
        {
            return error;
        }
    }

    private static byte[] Encoded(IApiMessage answer, short version, int correlationId)
    {
        using EncodedFrame frame = ResponseFrame.Encode(answer, version, correlationId);
        return frame.ToArray();
    }

    private static byte[] Raw(int correlationId, byte[] body)
    {
        byte[] bytes = new byte[sizeof(int) + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, correlationId);
        body.CopyTo(bytes, sizeof(int));
        return HostileBroker.Frame(bytes.Length, bytes);
    }

    /// <summary>Tells that it is the only broker and the coordinator; the rest is the test's.</summary>
    private HostileBroker Broker(Func<ApiKey, short, int, byte[]?> answer)
    {
        HostileBroker? broker = null;
        broker = new HostileBroker((key, version, correlationId) =>
        {
            switch (key)
            {
                case ApiKey.Metadata:
                    MetadataResponse metadata = new() { ClusterId = "c", ControllerId = 1 };
                    metadata.Brokers.Add(new() { NodeId = 1, Host = "127.0.0.1", Port = broker!.Address.Port });
                    return Encoded(metadata, version, correlationId);
                case ApiKey.FindCoordinator:
                    FindCoordinatorResponse found = new();
                    found.Coordinators.Add(
                        new() { Key = "g", NodeId = 1, Host = "127.0.0.1", Port = broker!.Address.Port });
                    return Encoded(found, version, correlationId);
                default:
                    Interlocked.Increment(ref _asked);
                    return answer(key, version, correlationId);
            }
        });
        return broker;
    }
}
