using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>
/// A TCP connection: frames in order in each direction, late rather than lost, until one end goes away.
/// </summary>
internal sealed class SimConnection
{
    private readonly SimNetwork _network;
    private readonly SimHost _client;
    private readonly SimHost _server;
    private readonly SimContext _clientLife;
    private readonly ISimClientEnd _end;
    private readonly Direction _toServer;
    private readonly Direction _toClient;
    private readonly int _port;
    private SimContext? _serverLife;
    private ISimSession? _session;
    private bool _clientClosed;
    private bool _serverClosed;

    public SimConnection(SimNetwork network, SimHost client, SimHost server, int port, ISimClientEnd end)
    {
        _network = network;
        _client = client;
        _server = server;
        _clientLife = client.Life!;
        _end = end;
        _port = port;
        _toServer = new Direction(this, client.Id, server.Id);
        _toClient = new Direction(this, server.Id, client.Id);
        client.Connections.Add(this);
        _toServer.Add(Arrive);
    }

    /// <summary>Sends a frame to the server; it may arrive even if this end closes meanwhile.</summary>
    public void Send(byte[] frame)
    {
        if (_clientClosed || _clientLife.IsFrozen)
        {
            return;
        }

        if (_network.DrawBreak(_client.Id, _server.Id))
        {
            Break();
            return;
        }

        _toServer.Add(() => Deliver(frame));
    }

    /// <summary>The client hangs up; the server hears of it behind everything sent before.</summary>
    public void CloseByClient()
    {
        if (!_clientClosed)
        {
            _clientClosed = true;
            _client.Connections.Remove(this);
            _toServer.Add(EndSession);
        }
    }

    /// <summary>A process at one end died. Frames on their way may be lost or not.</summary>
    public void LoseEnd(SimHost host)
    {
        if (ReferenceEquals(host, _client) && !_clientClosed)
        {
            _clientClosed = true;
            if (_network.Chance.Below(2) == 0)
            {
                _toServer.Clear();
            }

            _toServer.Add(EndSession);
        }

        if (ReferenceEquals(host, _server) && _serverLife is not null && !_serverClosed)
        {
            _serverClosed = true;
            if (_network.Chance.Below(2) == 0)
            {
                _toClient.Clear();
            }

            _toClient.Add(() => EndClient(refused: false));
        }
    }

    private void Arrive()
    {
        if (!_server.IsUp || !_server.Listeners.TryGetValue(_port, out ISimListener? listener))
        {
            _serverClosed = true;
            _toClient.Add(() => EndClient(refused: true));
            return;
        }

        SimContext life = _serverLife = _server.Life!;
        _server.Connections.Add(this);
        InContext(life, () => _session = listener.Accept(Reply, CloseByServer));
    }

    private void Deliver(byte[] frame)
    {
        if (_serverLife is { } life && !_serverClosed)
        {
            _network.Scheduler.Trace.Mix(frame);
            InContext(life, () => _session!.Receive(frame));
        }
    }

    private void Reply(byte[] frame)
    {
        if (_serverClosed || _serverLife!.IsFrozen || !_serverLife.IsAlive)
        {
            return;
        }

        if (_network.DrawBreak(_server.Id, _client.Id))
        {
            Break();
            return;
        }

        _toClient.Add(() =>
        {
            if (!_clientClosed)
            {
                _network.Scheduler.Trace.Mix(frame);
                InContext(_clientLife, () => _end.Receive(frame));
            }
        });
    }

    private void CloseByServer()
    {
        if (!_serverClosed)
        {
            _serverClosed = true;
            _server.Connections.Remove(this);
            _toClient.Add(() => EndClient(refused: false));
        }
    }

    /// <summary>The connection breaks in the middle: frames on their way are gone, both ends are told.</summary>
    private void Break()
    {
        _toServer.Clear();
        _toClient.Clear();
        _toServer.Add(EndSession);
        _toClient.Add(() => EndClient(refused: false));
    }

    private void EndSession()
    {
        if (_serverLife is { } life && !_serverClosed)
        {
            _serverClosed = true;
            _server.Connections.Remove(this);
            InContext(life, () => _session!.Closed());
        }
    }

    private void EndClient(bool refused)
    {
        if (!_clientClosed)
        {
            _clientClosed = true;
            _client.Connections.Remove(this);
            InContext(_clientLife, () => _end.Closed(refused));
        }
    }

    private void InContext(SimContext context, Action action) =>
        _network.Scheduler.Schedule(context, TimeSpan.Zero, action);

    /// <summary>Frames under way in one direction: each arrives no earlier than the one before.</summary>
    private sealed class Direction(SimConnection connection, int from, int to)
    {
        private const int RetryMs = 200;
        private readonly Queue<(long AtTicks, Action Arrive)> _frames = new();
        private long _lastTicks;
        private int _generation;
        private bool _scheduled;

        public void Add(Action arrive)
        {
            SimScheduler scheduler = connection._network.Scheduler;
            long at = scheduler.NowTicks + connection._network.DrawDelayTicks(from, to);
            _lastTicks = Math.Max(_lastTicks, at);
            _frames.Enqueue((_lastTicks, arrive));
            ScheduleNext();
        }

        public void Clear()
        {
            _frames.Clear();
            _generation++;
            _scheduled = false;
        }

        private void ScheduleNext(long leastDelayTicks = 0)
        {
            if (_scheduled || !_frames.TryPeek(out (long AtTicks, Action Arrive) next))
            {
                return;
            }

            SimScheduler scheduler = connection._network.Scheduler;
            _scheduled = true;
            int generation = _generation;
            long delay = Math.Max(leastDelayTicks, next.AtTicks - scheduler.NowTicks);
            scheduler.Schedule(scheduler.World, TimeSpan.FromTicks(Math.Max(0, delay)), () => Pump(generation));
        }

        private void Pump(int generation)
        {
            if (generation != _generation)
            {
                return;
            }

            _scheduled = false;
            if (connection._network.IsBlocked(from, to))
            {
                ScheduleNext(RetryMs * TimeSpan.TicksPerMillisecond);
                return;
            }

            _frames.Dequeue().Arrive();
            ScheduleNext();
        }
    }
}
