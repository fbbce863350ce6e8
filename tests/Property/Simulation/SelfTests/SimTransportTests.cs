using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Network;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

public sealed class SimTransportTests
{
    private const int Port = 9093;
    private readonly SimScheduler _scheduler = new(new SimTrace());
    private readonly SimNetwork _network;
    private readonly SimContext _client;
    private readonly SimContext _server;
    private readonly IRpcChannel _channel;
    private readonly List<RpcStatus> _statuses = [];
    private readonly List<string?> _clusterIds = [];
    private readonly List<Action> _held = [];
    private bool _holds;

    public SimTransportTests()
    {
        _network = new SimNetwork(_scheduler, new Prng(5));
        _client = Process(1);
        _server = Process(2);
        _network.Host(2).Listeners[Port] = new ApiListener(Handle);
        var time = new SimTimeProvider(_scheduler, _client, TimeSpan.Zero, 0);
        _channel = new SimTransport(_network, _network.Host(1), _client, time)
            .Open(new PeerEndpoint(2, SimNetwork.NameOf(2), Port), "test");
    }

    [Fact]
    public void Requests_AreAnsweredInOrder_WhateverTheOrderOfHandling()
    {
        _holds = true;
        Send("a");
        Send("b");
        Run(100);
        _scheduler.Schedule(_server, TimeSpan.Zero, () => _held[1]());
        _scheduler.Schedule(_server, TimeSpan.FromMilliseconds(1), () => _held[0]());

        Run(200);

        Assert.Equal([RpcStatus.Ok, RpcStatus.Ok], _statuses);
        Assert.Equal(["a", "b"], _clusterIds);
    }

    [Fact]
    public void NobodyListens_IsRefused_ThenConnectsAgain()
    {
        ISimListener listener = _network.Host(2).Listeners[Port];
        _network.Host(2).Listeners.Clear();
        Send("a");
        Run(100);
        _network.Host(2).Listeners[Port] = listener;
        Send("b");

        Run(200);

        Assert.Equal([RpcStatus.Refused, RpcStatus.Ok], _statuses);
    }

    [Fact]
    public void NoAnswerInTime_DropsTheConnectionAndWhatWaitsOnIt()
    {
        _holds = true;
        Send("a", timeoutMs: 500);
        Send("b", timeoutMs: 9000);

        Run(1000);

        Assert.Equal([RpcStatus.TimedOut, RpcStatus.Disconnected], _statuses);
    }

    [Fact]
    public void ServerDies_WhatIsUnderWayIsDisconnected()
    {
        _holds = true;
        Send("a");
        Run(100);
        _server.End();
        _network.LoseProcess(_network.Host(2));

        Run(200);

        Assert.Equal([RpcStatus.Disconnected], _statuses);
    }

    [Fact]
    public void Disconnect_CompletesLaterAndOnce()
    {
        _holds = true;
        Send("a");
        Run(100);
        _scheduler.Schedule(_client, TimeSpan.Zero, () =>
        {
            _channel.Disconnect();
            Assert.Empty(_statuses);
        });

        Run(20_000);

        Assert.Equal([RpcStatus.Disconnected], _statuses);
    }

    private SimContext Process(int id) =>
        _network.Host(id).Life = new SimContext(_scheduler, SimNetwork.NameOf(id), id);

    private void Handle(IApiMessage request, short version, Action<IApiMessage> respond)
    {
        var response = new DescribeClusterResponse
        {
            ClusterId = ((DescribeClusterRequest)request).EndpointType.ToString(),
        };
        _held.Add(() => respond(response));
        if (!_holds)
        {
            respond(response);
        }
    }

    private void Send(string name, int timeoutMs = 2000) => _scheduler.Schedule(_client, TimeSpan.Zero, () =>
        _channel.Send(
            new DescribeClusterRequest { EndpointType = (sbyte)(name[0] - 'a') },
            1,
            TimeSpan.FromMilliseconds(timeoutMs),
            reply =>
            {
                _statuses.Add(reply.Status);
                if (reply.Response is DescribeClusterResponse response)
                {
                    _clusterIds.Add(((char)('a' + int.Parse(response.ClusterId, null))).ToString());
                }

                reply.Dispose();
            }));

    private void Run(int untilMs) => _scheduler.RunUntil(TimeSpan.FromMilliseconds(untilMs).Ticks);
}
