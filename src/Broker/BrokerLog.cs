using System.Net;
using System.Net.Sockets;
using KRaftSharp.Log;
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

    [LoggerMessage(4040, LogLevel.Information, "broker {Broker} is registered with epoch {Epoch}")]
    public static partial void Registered(ILogger logger, int broker, long epoch);

    [LoggerMessage(4041, LogLevel.Information, "broker {Broker}, epoch {Epoch}, is unfenced")]
    public static partial void Unfenced(ILogger logger, int broker, long epoch);

    [LoggerMessage(4042, LogLevel.Warning, "broker {Broker}, epoch {Epoch}, was fenced: asking to come back")]
    public static partial void Fenced(ILogger logger, int broker, long epoch);

    [LoggerMessage(4043, LogLevel.Warning, "broker {Broker} could not register: {Status} {Error}")]
    public static partial void RegistrationFailed(ILogger logger, int broker, RpcStatus status, ErrorCode error);

    [LoggerMessage(4044, LogLevel.Warning, "broker {Broker}: the controller does not know epoch {Epoch} any more")]
    public static partial void RegistrationLost(ILogger logger, int broker, long epoch);

    [LoggerMessage(4045, LogLevel.Warning, "broker {Broker}: the heartbeat failed: {Error}")]
    public static partial void HeartbeatFailed(ILogger logger, int broker, ErrorCode error);

    [LoggerMessage(4046, LogLevel.Warning, "controller {Controller} could not register: {Status} {Error}")]
    public static partial void ControllerRegistrationFailed(
        ILogger logger, int controller, RpcStatus status, ErrorCode error);

    [LoggerMessage(4047, LogLevel.Information, "node {Node}: {Text}")]
    public static partial void LogReport(ILogger logger, int node, string text);

    [LoggerMessage(4048, LogLevel.Information,
        "{Partition}: compacted up to {EndOffset}, {BytesRead} bytes into {BytesWritten} in {DurationMs} ms")]
    public static partial void LogCleaned(
        ILogger logger, TopicPartition partition, long endOffset, long bytesRead, long bytesWritten, long durationMs);

    [LoggerMessage(4049, LogLevel.Error, "{Partition}: cannot be compacted and is left as it is: {Reason}")]
    public static partial void LogUncleanable(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(4050, LogLevel.Error, "node {Node}: log directory {Path} failed: its replicas are offline")]
    public static partial void DirectoryFailed(ILogger logger, int node, string path, Exception error);

    [LoggerMessage(4051, LogLevel.Information,
        "client {Instance} ({ClientId}, {Software}) pushed {Bytes} bytes of metrics, {Codec}; last: {IsLast}")]
    public static partial void TelemetryPushed(
        ILogger logger, Uuid instance, string clientId, string software, int bytes, string codec, bool isLast);

    [LoggerMessage(4052, LogLevel.Information,
        "{Listener}: {Address} connects faster than its quota: closed in {AfterMs} ms")]
    public static partial void ConnectionsTooFast(ILogger logger, string listener, IPAddress address, long afterMs);

    [LoggerMessage(4053, LogLevel.Debug, "{Listener}: connections come too fast: the next is served in {WaitMs} ms")]
    public static partial void AcceptThrottled(ILogger logger, string listener, long waitMs);

    [LoggerMessage(4054, LogLevel.Information,
        "connection {Connection} of {Host} is closed to make room for one of a broker")]
    public static partial void ConnectionMadeRoom(ILogger logger, long connection, string host);

    [LoggerMessage(4060, LogLevel.Warning, "configuration {Key} is not known: ignored")]
    public static partial void UnknownConfig(ILogger logger, string key);

    [LoggerMessage(4061, LogLevel.Information, "node {Node}: Kafka Server started")]
    public static partial void ServerStarted(ILogger logger, int node);

    [LoggerMessage(4067, LogLevel.Warning, "node {Node}: logger {Logger} now has level {Level}")]
    public static partial void LogLevelChanged(ILogger log, int node, string logger, string level);

    [LoggerMessage(4062, LogLevel.Information, "node {Node}: {Signal}: shutting down")]
    public static partial void ServerStopping(ILogger logger, int node, string signal);

    [LoggerMessage(4063, LogLevel.Information, "node {Node}: shut down")]
    public static partial void ServerStopped(ILogger logger, int node);

    [LoggerMessage(4064, LogLevel.Critical, "cannot start: {Reason}")]
    public static partial void ServerFailed(ILogger logger, string reason);

    [LoggerMessage(4065, LogLevel.Critical, "node {Node} cannot go on: {Kind}")]
    public static partial void ServerFaulted(ILogger logger, int node, string kind, Exception error);

    [LoggerMessage(4066, LogLevel.Critical, "node {Node} ends: {Reason}")]
    public static partial void ServerEnded(ILogger logger, int node, string reason);
}
