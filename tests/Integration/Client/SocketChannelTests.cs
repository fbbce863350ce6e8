using System.Net;
using System.Net.Sockets;
using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>A broker that answers with garbage, or not at all, costs an error and nothing else.</summary>
public sealed class SocketChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly ClientOptions Options = new() { MaxResponseBytes = 64 * 1024 * 1024 };

    [Fact]
    public async Task Send_WellAnswered_GivesTheAnswer()
    {
        await using HostileBroker broker = new(Metadata);
        await using IBrokerChannel channel = Open(broker.Address);

        Task<BrokerResponse>[] calls = [.. Enumerable.Range(0, 20).Select(_ => Ask(channel, Patience))];

        foreach (Task<BrokerResponse> call in calls)
        {
            using BrokerResponse response = await call;
            Assert.Equal("well", Assert.IsType<MetadataResponse>(response.Message).ClusterId);
        }

        Assert.Equal(1, broker.Connections);
    }

    public static TheoryData<byte[]> Garbage =>
    [
        HostileBroker.Frame(-1),
        HostileBroker.Frame(0),
        HostileBroker.Frame(int.MaxValue),
        HostileBroker.Frame(8, 1, 2, 3, 4, 5, 6, 7, 8),
        HostileBroker.Frame(4, 0, 0, 0, 77),
    ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Send_GarbageComesBack_EndsAsDisconnected(byte[] garbage)
    {
        await using HostileBroker broker = new(_ => garbage);
        await using IBrokerChannel channel = Open(broker.Address);

        using BrokerResponse response = await Ask(channel, Patience);

        Assert.Equal(ResponseStatus.Disconnected, response.Status);
        Assert.Null(response.Message);
    }

    /// <summary>60 MB are claimed and allowed, five bytes come: memory follows what comes.</summary>
    [Fact]
    public async Task Send_LongAnswerIsClaimedAndBreaksOff_TakesNoMemoryForIt()
    {
        await using HostileBroker broker = new(_ => HostileBroker.Frame(60_000_000, 0, 0, 0, 0, 1));
        await using IBrokerChannel channel = Open(broker.Address);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        using BrokerResponse response = await Ask(channel, TimeSpan.FromMilliseconds(300));

        Assert.Equal(ResponseStatus.TimedOut, response.Status);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20_000_000);
    }

    [Fact]
    public async Task Send_BrokerStaysSilent_TimesOutAndConnectsAnew()
    {
        int asked = 0;
        await using HostileBroker broker = new(id => Interlocked.Increment(ref asked) == 1 ? [] : Metadata(id));
        await using IBrokerChannel channel = Open(broker.Address);

        using BrokerResponse first = await Ask(channel, TimeSpan.FromMilliseconds(200));
        using BrokerResponse second = await Ask(channel, Patience);

        Assert.Equal(ResponseStatus.TimedOut, first.Status);
        Assert.Equal(ResponseStatus.Ok, second.Status);
        Assert.Equal(2, broker.Connections);
    }

    [Fact]
    public async Task Send_ConnectionClosesUnderSeveral_EndsThemAll()
    {
        await using HostileBroker broker = new(_ => null);
        await using IBrokerChannel channel = Open(broker.Address);

        BrokerResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Ask(channel, Patience)));

        Assert.All(responses, response => Assert.Contains(
            response.Status, (ResponseStatus[])[ResponseStatus.Disconnected, ResponseStatus.Unreachable]));
    }

    [Fact]
    public async Task Send_NobodyListens_IsUnreachable()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        BrokerAddress address = new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        await using IBrokerChannel channel = Open(address);

        using BrokerResponse response = await Ask(channel, Patience);

        Assert.Equal(ResponseStatus.Unreachable, response.Status);
        Assert.Contains("refused", response.Reason!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Dispose_RequestUnderWay_EndsIt()
    {
        await using HostileBroker broker = new(_ => []);
        IBrokerChannel channel = Open(broker.Address);
        Task<BrokerResponse> call = Ask(channel, Patience);

        await channel.DisposeAsync();

        using BrokerResponse response = await call;
        Assert.NotEqual(ResponseStatus.Ok, response.Status);
    }

    private static IBrokerChannel Open(BrokerAddress address) =>
        SocketRuntime.Create(Options).Connector.Open(address);

    private static Task<BrokerResponse> Ask(IBrokerChannel channel, TimeSpan timeout) =>
        channel.SendAsync(new MetadataRequest { Topics = null }, VersionRange.All, timeout);

    private static byte[] Metadata(int correlationId)
    {
        using EncodedFrame frame = ResponseFrame.Encode(
            new MetadataResponse { ClusterId = "well" }, ApiTable.Get(ApiKey.Metadata)!.HighestVersion, correlationId);
        return frame.ToArray();
    }
}
