using System.Net;
using System.Net.Sockets;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker;

/// <summary>Everything that the listeners, the node and its handlers log: events 4000 to 4299, never reused.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(4000, LogLevel.Information, "{Listener}: listening on {Address}:{Port}")]
    public static partial void Listening(ILogger logger, string listener, IPAddress address, int port);

    [LoggerMessage(4001, LogLevel.Warning, "{Listener}: accepting failed: {Error}")]
    public static partial void AcceptFailed(ILogger logger, string listener, SocketError error);

    [LoggerMessage(4002, LogLevel.Warning, "{Listener}: {Address} has as many connections as it may: closed")]
    public static partial void TooManyConnections(ILogger logger, string listener, IPAddress address);

    [LoggerMessage(4003, LogLevel.Debug, "connection {Connection} of {Client} broke: {Reason}")]
    public static partial void ConnectionBroke(ILogger logger, long connection, string client, string reason);

    [LoggerMessage(4004, LogLevel.Debug, "connection {Connection} of {Client} was idle too long: closed")]
    public static partial void ConnectionIdle(ILogger logger, long connection, string client);

    [LoggerMessage(4005, LogLevel.Warning,
        "{Client} on {Listener}: a frame of {Length} bytes (limit {Limit}): closed")]
    public static partial void FrameLengthRefused(
        ILogger logger, string client, string listener, int length, int limit);

    [LoggerMessage(4006, LogLevel.Warning, "{Client} on {Listener}: a frame of only {Length} bytes: closed")]
    public static partial void FrameTooShort(ILogger logger, string client, string listener, int length);

    [LoggerMessage(4007, LogLevel.Warning,
        "{Client} on {Listener}: API {Key} version {Version} is not served here: closed")]
    public static partial void UnknownApi(ILogger logger, string client, string listener, short key, short version);

    [LoggerMessage(4008, LogLevel.Warning,
        "{Client} on {Listener}: {Api} has no version {Version} here: closed")]
    public static partial void UnsupportedVersion(
        ILogger logger, string client, string listener, ApiKey api, short version);

    [LoggerMessage(4009, LogLevel.Warning,
        "{Client} on {Listener}: {Api} version {Version} is malformed ({Error}): closed")]
    public static partial void FrameBroken(
        ILogger logger, string client, string listener, ApiKey api, short version, WireError error);

    [LoggerMessage(4010, LogLevel.Error, "{Api} version {Version} failed: the connection is closed")]
    public static partial void HandlerFailed(ILogger logger, ApiKey api, short version, Exception error);

    [LoggerMessage(4020, LogLevel.Debug, "{Purpose}: connected to {Host}:{Port}")]
    public static partial void Connected(ILogger logger, string purpose, string host, int port);

    [LoggerMessage(4022, LogLevel.Debug, "{Purpose}: {Host}:{Port} {Status}: {Reason}")]
    public static partial void ChannelBroke(
        ILogger logger, string purpose, string host, int port, RpcStatus status, string reason);
}
