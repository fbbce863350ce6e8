using System.Net;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Node;

/// <summary>
/// Passes clients' requests on to the active controller in an Envelope (KIP-590), which tells who asked.
/// </summary>
public sealed class Forwarder(ControllerChannel channel, TimeSpan timeout)
{
    /// <summary>
    /// The controller's answer. Where none came in time, the answer says REQUEST_TIMED_OUT for everything asked.
    /// </summary>
    /// <exception cref="IOException">The controller does not know this version: the connection is to be closed.
    /// </exception>
    public async ValueTask<IApiMessage?> ForwardAsync(RequestContext context, IApiMessage request)
    {
        EnvelopeRequest envelope = new()
        {
            RequestData = EncodeRequest(context, request),
            RequestPrincipal = EncodePrincipal(context.Principal),
            ClientHostAddress = EncodeAddress(context.ClientHost),
        };
        using RpcReply reply = await channel.SendAsync(envelope, EnvelopeRequest.HighestVersion, timeout);
        if (reply.Status != RpcStatus.Ok)
        {
            return ResponseErrors.For(request, ErrorCode.RequestTimedOut, context.Version);
        }

        EnvelopeResponse response = (EnvelopeResponse)reply.Response!;
        if (response.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            throw new IOException($"the controller does not serve {request.Key} version {context.Version}");
        }

        if (response.ErrorCode != ErrorCode.None || response.ResponseData is not { } data)
        {
            return ResponseErrors.For(request, ErrorCode.UnknownServerError, context.Version);
        }

        // A copy: what is decoded refers to its bytes and outlives the reply.
        byte[] copy = data.ToArray();
        return ResponseFrame.TryDecode(copy, request.Key, context.Version, out _, out IApiMessage? body, out _)
            ? body
            : ResponseErrors.For(request, ErrorCode.UnknownServerError, context.Version);
    }

    private static byte[] EncodeRequest(RequestContext context, IApiMessage request)
    {
        using EncodedFrame frame = RequestFrame.Encode(
            request, context.Version, context.Header.CorrelationId, context.Header.ClientId);
        return frame.ToArray()[sizeof(int)..];
    }

    private static byte[] EncodePrincipal(string principal)
    {
        int colon = principal.IndexOf(':', StringComparison.Ordinal);
        return PrincipalCodec.Encode(principal[..colon], principal[(colon + 1)..]);
    }

    private static byte[] EncodeAddress(string host) =>
        (IPAddress.TryParse(host, out IPAddress? address) ? address : IPAddress.Loopback).GetAddressBytes();
}
