using System.Net;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Envelope v0 on the controller's listener (KIP-590): answers the request inside as if its client had sent it.
/// </summary>
internal sealed class EnvelopeHandler(HandlerTable table, Func<bool> isActiveController) : IRequestHandler
{
    private const int AddressBytes = 4;
    private const int LongAddressBytes = 16;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        EnvelopeRequest envelope = (EnvelopeRequest)request;
        if (!isActiveController())
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.NotController };
        }

        if (envelope.RequestPrincipal is not { } principal || PrincipalCodec.Decode(principal) is not { } name)
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.PrincipalDeserializationFailure };
        }

        if (!RequestFrame.TryDecode(
                envelope.RequestData, out RequestHeader header, out IApiMessage? body, out short version, out _)
            || body is null
            || envelope.ClientHostAddress.Length is not (AddressBytes or LongAddressBytes))
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        if (table.Find(header.RequestApiKey) is not { } entry || ApiTable.Get(entry.Key) is not { IsForwardable: true })
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        if (version < entry.Lowest || version > entry.Highest)
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        }

        ConnectionContext client = new(
            context.ConnectionId, context.ListenerName, context.Connection.Kind,
            new IPAddress(envelope.ClientHostAddress.Span).ToString())
        {
            Principal = name,
        };
        RequestContext inner = new(client, header, version, context.ReceivedAtMs, context.Batch);
        IApiMessage? answer = await entry.Handler.HandleAsync(inner, body);
        if (answer is null)
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.UnknownServerError };
        }

        using OutgoingResponse encoded = RequestProcessor.Encode(inner, answer);
        return ResponseErrors.SaysNotController(answer)
            ? new EnvelopeResponse { ErrorCode = ErrorCode.NotController }
            : new EnvelopeResponse { ResponseData = encoded.Frame.ToArray().AsMemory(sizeof(int)) };
    }
}
