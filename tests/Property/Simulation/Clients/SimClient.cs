using System.Globalization;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>A client's machine: never crashes, talks raw requests to any broker, and waits in virtual time.</summary>
internal sealed class SimClient
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);
    private readonly SimTransport _transport;
    private readonly Dictionary<(int NodeId, string Purpose), IRpcChannel> _channels = [];
    private readonly int _port;

    public SimClient(SimWorld world, int id, int brokerPort)
    {
        World = world;
        Id = id;
        _port = brokerPort;
        Context = new SimContext(world.Scheduler, string.Create(CultureInfo.InvariantCulture, $"client {id}"), id);
        SimHost host = world.Network.Host(id);
        host.Life = Context;
        Time = new SimTimeProvider(world.Scheduler, Context, TimeSpan.Zero, 0);
        _transport = new SimTransport(world.Network, host, Context, Time);
        Chance = world.Chance.Fork();
    }

    public SimWorld World { get; }

    public int Id { get; }

    public SimContext Context { get; }

    public Prng Chance { get; }

    public TimeProvider Time { get; }

    public void Start(Func<Task> body) =>
        World.Scheduler.Schedule(Context, TimeSpan.Zero, () => _ = Guard(body));

    /// <summary>The reply, or null where none came; the request may have been carried out or not.</summary>
    public Task<IApiMessage?> AskAsync(int nodeId, IApiMessage request, short version, string purpose = "client") =>
        AskAsync(nodeId, request, version, purpose, RequestTimeout);

    public Task<IApiMessage?> AskAsync(
        int nodeId, IApiMessage request, short version, string purpose, TimeSpan timeout)
    {
        if (!_channels.TryGetValue((nodeId, purpose), out IRpcChannel? channel))
        {
            channel = _transport.Open(new PeerEndpoint(nodeId, SimNetwork.NameOf(nodeId), _port), purpose);
            _channels.Add((nodeId, purpose), channel);
        }

        var answer = new TaskCompletionSource<IApiMessage?>();
        channel.Send(request, version, timeout, reply =>
        {
            IApiMessage? response = reply.Status == RpcStatus.Ok ? reply.Response : null;
            reply.Dispose();
            answer.SetResult(response);
        });
        return answer.Task;
    }

    /// <summary>A connection of its own to a broker.</summary>
    public IRpcChannel Open(string host, string purpose) =>
        _transport.Open(new PeerEndpoint(World.Network.Find(host)?.Id ?? -1, host, _port), purpose);

    /// <summary>The process dies: what is under way may come through or not, and nobody hears of it.</summary>
    public void Disconnect()
    {
        foreach (IRpcChannel channel in _channels.Values)
        {
            channel.Dispose();
        }

        _channels.Clear();
    }

    /// <summary>Into the timeline.</summary>
    public void Say(string what) => World.Say(Context.Name, what);

    public Task WaitAsync(int leastMs, int mostMs)
    {
        var due = new TaskCompletionSource();
        World.Scheduler.Schedule(
            Context, TimeSpan.FromMilliseconds(Chance.Between(leastMs, mostMs)), due.SetResult);
        return due.Task;
    }

    /// <summary>A version that both sides know: mostly the newest, now and then an older one.</summary>
    public short AnyVersion(IApiMessage request, short least)
    {
        short newest = ApiTable.Get(request.Key)!.HighestVersion;
        return Chance.Below(4) == 0 ? (short)Chance.Between(least, newest) : newest;
    }

    private async Task Guard(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception error)
        {
            World.Violations.Add("no client fails", $"client {Id}: {error}");
        }
    }
}
