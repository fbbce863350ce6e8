using System.Buffers.Binary;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Integration.Network;

/// <summary>Bytes that no client should send: the connection ends, the node and other connections do not mind.
/// </summary>
public sealed class BadInputTests(BadInputTests.Server server) : IClassFixture<BadInputTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        public TestServer Node { get; private set; } = null!;

        public async Task InitializeAsync() => Node = await TestServer.StartAsync();

        public async Task DisposeAsync() => await Node.DisposeAsync();
    }

    private int Port => server.Node.ClientPort;

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData((100 * 1024 * 1024) + 1)]
    public async Task Frame_WithImpossibleLength_ClosesItsConnection(int length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await AssertClosesAsync(bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Frame_TooShortForAHeader_ClosesItsConnection(int length)
    {
        byte[] bytes = new byte[4 + length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await AssertClosesAsync(bytes);
    }

    [Theory]
    [InlineData(4711, 0)]
    [InlineData(-1, 0)]
    [InlineData((short)ApiKey.Vote, 2)]
    [InlineData((short)ApiKey.Metadata, 99)]
    [InlineData((short)ApiKey.Metadata, -1)]
    [InlineData((short)ApiKey.Produce, 2)]
    [InlineData((short)ApiKey.InitProducerId, 6)]
    public async Task Request_OfUnservedApiOrVersion_ClosesItsConnection(short key, short version)
    {
        byte[] bytes = new byte[4 + 10];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(4), key);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), version);

        await AssertClosesAsync(bytes);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(-1)]
    [InlineData(short.MaxValue)]
    public async Task ApiVersions_OfUnknownVersion_IsAnsweredInVersion0(short version)
    {
        byte[] bytes = new byte[4 + 8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 8);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(4), (short)ApiKey.ApiVersions);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), 7);
        using RawConnection connection = await RawConnection.OpenAsync(Port);
        await connection.SendAsync(bytes);

        var response = await connection.ReceiveAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0);

        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        Assert.Equal((short)ApiKey.ApiVersions, Assert.Single(response.ApiKeys).ApiKey);
    }

    [Fact]
    public async Task Request_CutShortAtEveryByte_ClosesItsConnectionOrIsAnswered()
    {
        byte[] whole = RawConnection.Encode(new MetadataRequest { Topics = [new() { Name = "cut" }] }, 12);
        for (int length = 12; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            BinaryPrimitives.WriteInt32BigEndian(cut, length - 4);
            using RawConnection connection = await RawConnection.OpenAsync(Port);
            await connection.SendAsync(cut);

            Assert.Null(await connection.ReceiveAsync());
        }

        await AssertServesAsync();
    }

    [Fact]
    public async Task Request_DrippingByteByByte_IsAnswered()
    {
        using RawConnection connection = await RawConnection.OpenAsync(Port);
        foreach (byte one in RawConnection.Encode(new MetadataRequest { Topics = [] }, 9))
        {
            await connection.SendAsync([one]);
        }

        var response = await connection.ReceiveAsync<MetadataResponse>(ApiKey.Metadata, 9);

        Assert.Single(response.Brokers);
    }

    [Fact]
    public async Task Frames_DeclaringMuchAndSendingLittle_TakeLittleMemory()
    {
        const int Connections = 40;
        const int DeclaredBytes = 100 * 1024 * 1024;
        const long MostBytes = 64L * 1024 * 1024;
        byte[] bytes = new byte[4 + 100];
        BinaryPrimitives.WriteInt32BigEndian(bytes, DeclaredBytes);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<RawConnection> open = [];
        for (int i = 0; i < Connections; i++)
        {
            open.Add(await RawConnection.OpenAsync(Port));
            await open[^1].SendAsync(bytes);
        }

        await AssertServesAsync();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(grown, long.MinValue, MostBytes);
        open.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task ArrayCount_BeyondTheFrame_ClosesItsConnection()
    {
        byte[] bytes = RawConnection.Encode(new MetadataRequest { Topics = [] }, 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(bytes.Length - 4), int.MaxValue);

        await AssertClosesAsync(bytes);
    }

    [Fact]
    public async Task Noise_InBodiesOfAllApis_NeverEndsTheNode()
    {
        Random random = new(4711);
        foreach (ApiInfo api in ApiTable.All)
        {
            for (short version = api.LowestVersion; version <= api.HighestVersion; version++)
            {
                byte[] bytes = new byte[4 + 10 + 64];
                random.NextBytes(bytes.AsSpan(14));
                BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(4), (short)api.Key);
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), version);
                foreach (int port in new[] { Port, server.Node.ControllerPort })
                {
                    using RawConnection connection = await RawConnection.OpenAsync(port);
                    await connection.SendAsync(bytes);
                }
            }
        }

        await AssertServesAsync();
        Assert.Null(server.Node.Fault);
    }

    private async Task AssertClosesAsync(byte[] bytes)
    {
        using RawConnection other = await RawConnection.OpenAsync(Port);
        using RawConnection connection = await RawConnection.OpenAsync(Port);
        await connection.SendAsync(bytes);

        Assert.Null(await connection.ReceiveAsync());
        await other.AskAsync<MetadataResponse>(new MetadataRequest { Topics = [] }, 12);
    }

    private async Task AssertServesAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(Port);
        await connection.AskAsync<MetadataResponse>(new MetadataRequest { Topics = [] }, 12);
    }
}
