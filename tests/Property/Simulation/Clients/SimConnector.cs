using System.Globalization;
using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What a client of src/Client takes from the world, on a simulated machine.</summary>
internal sealed class SimConnector(SimClient client) : IConnector
{
    private readonly List<Channel> _channels = [];
    private bool _isDead;

    public ClientRuntime Runtime => new(
        this, client.Time, client.Chance.NextBits(), TaskCreationOptions.None, static loop => loop());

    public IBrokerChannel Open(BrokerAddress address)
    {
        string purpose = string.Create(CultureInfo.InvariantCulture, $"client-{_channels.Count}");
        Channel channel = new(this, address, client.Open(address.Host, purpose));
        _channels.Add(channel);
        return channel;
    }

    /// <summary>The process dies: nothing that it says is heard any more.</summary>
    public void Kill()
    {
        _isDead = true;
        _channels.ForEach(channel => channel.Break());
    }

    private sealed class Channel(SimConnector connector, BrokerAddress address, IRpcChannel channel) : IBrokerChannel
    {
        public BrokerAddress Address => address;

        public int InFlight { get; private set; }

        public Task<BrokerResponse> SendAsync(
            IApiMessage request, VersionRange versions, TimeSpan timeout, bool expectsResponse = true)
        {
            if (connector._isDead)
            {
                return Task.FromResult(new BrokerResponse(ResponseStatus.Unreachable, null, -1, "dead", null));
            }

            TaskCompletionSource<BrokerResponse> done = new();
            InFlight++;
            channel.Send(request, versions.Highest, timeout, reply =>
            {
                InFlight--;
                IApiMessage? answer = reply.Status == RpcStatus.Ok ? reply.Response : null;
                reply.Dispose();
                done.SetResult(answer is null
                    ? new BrokerResponse(ResponseStatus.Disconnected, null, -1, "lost", null)
                    : new BrokerResponse(ResponseStatus.Ok, answer, 0, null, null));
            });
            return done.Task;
        }

        public void Break() => channel.Disconnect();

        public ValueTask DisposeAsync()
        {
            channel.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
