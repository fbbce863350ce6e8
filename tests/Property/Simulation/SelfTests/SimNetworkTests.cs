using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Network;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

public sealed class SimNetworkTests
{
    private const int Port = 9092;
    private readonly SimScheduler _scheduler = new(new SimTrace());
    private readonly SimNetwork _network;
    private readonly SimHost _client;
    private readonly SimHost _server;
    private readonly Server _listener = new();
    private readonly Client _end = new();

    public SimNetworkTests()
    {
        _network = new SimNetwork(_scheduler, new Prng(7));
        _client = _network.Host(1);
        _server = _network.Host(2);
        _client.Life = new SimContext(_scheduler, "client", 1);
        StartServer();
    }

    [Fact]
    public void Frames_ArriveAndAreAnsweredInOrder()
    {
        SimConnection connection = Connect();
        for (byte i = 0; i < 50; i++)
        {
            connection.Send([i]);
        }

        Run(1000);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => (byte)i), _listener.Seen);
        Assert.Equal(_listener.Seen, _end.Seen);
    }

    [Fact]
    public void NobodyListens_IsRefused()
    {
        _network.LoseProcess(_server);

        Connect();
        Run(100);

        Assert.Equal([true], _end.Closings);
    }

    [Fact]
    public void ServerDies_ClientHearsOfItAtOnce()
    {
        Connect();
        Run(100);

        _server.Life!.End();
        _network.LoseProcess(_server);
        Run(110);

        Assert.Equal([false], _end.Closings);
    }

    [Fact]
    public void ServerDiesBehindACutLink_ClientHearsNothingUntilItHeals()
    {
        Connect();
        Run(100);
        _network.Link(2, 1).IsBlocked = true;
        _server.Life!.End();
        _network.LoseProcess(_server);
        Run(5000);
        Assert.Empty(_end.Closings);

        _network.Heal();
        Run(5500);

        Assert.Equal([false], _end.Closings);
    }

    [Fact]
    public void CutLink_HoldsFramesBackAndDeliversThemLate()
    {
        SimConnection connection = Connect();
        Run(100);
        _network.Link(1, 2).IsBlocked = true;
        connection.Send([1]);
        connection.CloseByClient();
        Run(3000);
        Assert.Empty(_listener.Seen);

        _network.Heal();
        Run(4000);

        Assert.Equal([1], _listener.Seen);
        Assert.Equal(1, _listener.ClosedCount);
        Assert.Empty(_end.Seen);
    }

    [Fact]
    public void OneWayCut_LetsTheOtherDirectionThrough()
    {
        SimConnection connection = Connect();
        Run(100);
        _network.Link(2, 1).IsBlocked = true;
        connection.Send([1]);

        Run(1000);

        Assert.Equal([1], _listener.Seen);
        Assert.Empty(_end.Seen);
    }

    [Fact]
    public void BreakingLink_TellsBothEndsOnce()
    {
        _network.Link(1, 2).BreaksPermille = 1000;
        SimConnection connection = Connect();
        Run(100);
        connection.Send([1]);

        Run(200);

        Assert.Equal([false], _end.Closings);
        Assert.Equal(1, _listener.ClosedCount);
        Assert.Empty(_listener.Seen);
    }

    [Fact]
    public void FrozenServer_SendsNothingMore()
    {
        SimConnection connection = Connect();
        Run(100);
        _listener.OnFrame = () => _server.Life!.Freeze();
        connection.Send([1]);

        Run(200);

        Assert.Equal([1], _listener.Seen);
        Assert.Empty(_end.Seen);
    }

    private SimConnection Connect() => new(_network, _client, _server, Port, _end);

    private void Run(int untilMs) => _scheduler.RunUntil(TimeSpan.FromMilliseconds(untilMs).Ticks);

    private void StartServer()
    {
        _server.Life = new SimContext(_scheduler, "server", 2);
        _server.Listeners[Port] = _listener;
    }

    private sealed class Server : ISimListener
    {
        public List<byte> Seen { get; } = [];

        public int ClosedCount { get; private set; }

        public Action? OnFrame { get; set; }

        public ISimSession Accept(Action<byte[]> reply, Action close) => new Session(this, reply);

        private sealed class Session(Server server, Action<byte[]> reply) : ISimSession
        {
            public void Receive(byte[] frame)
            {
                server.OnFrame?.Invoke();
                server.Seen.Add(frame[0]);
                reply(frame);
            }

            public void Closed() => server.ClosedCount++;
        }
    }

    private sealed class Client : ISimClientEnd
    {
        public List<byte> Seen { get; } = [];

        public List<bool> Closings { get; } = [];

        public void Receive(byte[] frame) => Seen.Add(frame[0]);

        public void Closed(bool refused) => Closings.Add(refused);
    }
}
