using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// SaslHandshake v0-1 and SaslAuthenticate v0-2 where nothing is to be authenticated (any more): the connection is
/// past that, which ILLEGAL_SASL_STATE says.
/// </summary>
internal sealed class SaslStateHandler : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) => new(request switch
    {
        SaslHandshakeRequest => new SaslHandshakeResponse { ErrorCode = ErrorCode.IllegalSaslState },
        _ => new SaslAuthenticateResponse
        {
            ErrorCode = ErrorCode.IllegalSaslState,
            ErrorMessage = "SaslAuthenticate request received after successful authentication",
        },
    });
}
