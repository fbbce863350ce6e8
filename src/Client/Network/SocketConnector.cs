namespace KRaftSharp.Client.Network;

internal sealed class SocketConnector(ClientOptions options) : IConnector
{
    public IBrokerChannel Open(BrokerAddress address) => new SocketChannel(address, options);
}
