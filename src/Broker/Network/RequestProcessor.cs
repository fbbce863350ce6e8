using System.Buffers.Binary;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>Decodes the requests of one kind of listener, finds their handlers and encodes the answers.</summary>
/// <remarks>
/// Knows no socket. One for all connections of its kind; <see cref="RequestPipeline"/> is one a connection.
/// </remarks>
public sealed class RequestProcessor(HandlerTable table, TimeProvider time, ILogger logger)
{
    private const int FixedHeaderBytes = 8;

    public HandlerTable Table => table;

    internal TimeProvider Clock => time;

    /// <summary>Calls the handlers; set before the first request comes.</summary>
    internal RequestInterceptor Intercept { get; set; } =
        static (context, request, handler) => handler.HandleAsync(context, request);

    /// <summary>Called when a connection is gone.</summary>
    public Action<ConnectionContext>? ConnectionClosed { get; init; }

    /// <summary>Null where clients have none.</summary>
    public IRequestQuotas? Quotas { get; init; }

    /// <summary>Called with an exception that must stop the node.</summary>
    public Action<Exception>? Faulted { get; init; }

    internal DecodedRequest Decode(ConnectionContext connection, ReadOnlyMemory<byte> frame, ReceiveBatch batch)
    {
        if (frame.Length < FixedHeaderBytes)
        {
            BrokerLog.FrameTooShort(logger, connection.ClientHost, connection.ListenerName, frame.Length);
            return default;
        }

        short key = BinaryPrimitives.ReadInt16BigEndian(frame.Span);
        short version = BinaryPrimitives.ReadInt16BigEndian(frame.Span[2..]);
        if (table.Find(key) is not { } entry)
        {
            BrokerLog.UnknownApi(logger, connection.ClientHost, connection.ListenerName, key, version);
            return default;
        }

        if (version < entry.Lowest || version > entry.Highest)
        {
            return OnUnsupportedVersion(connection, entry, frame, version, batch);
        }

        if (!RequestFrame.TryDecode(frame, out RequestHeader header, out IApiMessage? body, out _, out WireError error)
            || body is null)
        {
            BrokerLog.FrameBroken(logger, connection.ClientHost, connection.ListenerName, entry.Key, version, error);
            return default;
        }

        connection.ClientId = header.ClientId;
        return new DecodedRequest(
            entry, body, new RequestContext(connection, header, version, time.MonotonicMs(), batch));
    }

    /// <summary>False when the handler failed: the connection has to be closed.</summary>
    /// <param name="response">Null for a request that is not answered.</param>
    internal bool TryEncodeAnswer(PendingRequest request, out OutgoingResponse? response)
    {
        response = null;
        try
        {
            IApiMessage? answer = request.TakeAnswer();
            request.ThrottleMs = Quotas?.Throttle(
                request.Context, request.Entry.Key, answer, request.FrameBytes, request.Handling) ?? 0;
            response = answer is null ? null : Encode(request.Context, answer);
            return true;
        }
        catch (Exception error) when (error is not InvariantViolationException)
        {
            BrokerLog.HandlerFailed(logger, request.Entry.Key, request.Context.Version, error);
            return false;
        }
    }

    internal static OutgoingResponse Encode(RequestContext context, IApiMessage answer) => new(
        ResponseFrame.Encode(answer, context.Version, context.Header.CorrelationId), context.TakeBuffers());

    internal void OnConnectionClosed(ConnectionContext connection) => ConnectionClosed?.Invoke(connection);

    /// <summary>
    /// ApiVersions tells at version 0 what the versions are, whatever was asked (KIP-35, KIP-511); the rest is refused.
    /// </summary>
    private DecodedRequest OnUnsupportedVersion(
        ConnectionContext connection, HandlerEntry entry, ReadOnlyMemory<byte> frame, short version, ReceiveBatch batch)
    {
        if (entry.Key != ApiKey.ApiVersions)
        {
            BrokerLog.UnsupportedVersion(logger, connection.ClientHost, connection.ListenerName, entry.Key, version);
            return default;
        }

        RequestHeader header = new()
        {
            RequestApiKey = (short)entry.Key,
            RequestApiVersion = version,
            CorrelationId = BinaryPrimitives.ReadInt32BigEndian(frame.Span[4..]),
        };
        HandlerEntry refusal = entry with { Handler = new UnsupportedApiVersionsHandler(entry) };
        RequestContext context = new(connection, header, version: 0, time.MonotonicMs(), batch);
        return new DecodedRequest(refusal, new ApiVersionsRequest(), context);
    }

    private sealed class UnsupportedApiVersionsHandler(HandlerEntry entry) : IRequestHandler
    {
        public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
        {
            ApiVersionsResponse response = new() { ErrorCode = ErrorCode.UnsupportedVersion };
            response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion
            {
                ApiKey = (short)entry.Key,
                MinVersion = entry.Lowest,
                MaxVersion = entry.Highest,
            });
            return new ValueTask<IApiMessage?>(response);
        }
    }
}
