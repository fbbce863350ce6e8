using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// CreateDelegationToken v1-3, RenewDelegationToken v1-2, ExpireDelegationToken v1-2 and DescribeDelegationToken v1-3
/// without a secret for tokens (KIP-48). Who is not authenticated may not even ask; for the others tokens are off.
/// </summary>
internal sealed class DelegationTokensOffHandler : IRequestHandler
{
    private const string UserPrefix = "User:";
    private const long NoTime = -1;
    private const short FirstVersionWithRequester = 3;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        ErrorCode error = context.Principal == UserPrefix + ConnectionContext.Anonymous
            ? ErrorCode.DelegationTokenRequestNotAllowed
            : ErrorCode.DelegationTokenAuthDisabled;
        return new(request switch
        {
            CreateDelegationTokenRequest create => Refuse(create, context, error),
            RenewDelegationTokenRequest => new RenewDelegationTokenResponse
            {
                ErrorCode = error,
                ExpiryTimestampMs = NoTime,
            },
            ExpireDelegationTokenRequest => new ExpireDelegationTokenResponse
            {
                ErrorCode = error,
                ExpiryTimestampMs = NoTime,
            },
            _ => new DescribeDelegationTokenResponse { ErrorCode = error },
        });
    }

    /// <summary>The token would be of the owner that is named (from v3), else of who asks.</summary>
    private static CreateDelegationTokenResponse Refuse(
        CreateDelegationTokenRequest request, RequestContext context, ErrorCode error)
    {
        string principal = context.Principal;
        int colon = principal.IndexOf(':', StringComparison.Ordinal);
        (string type, string name) = (principal[..colon], principal[(colon + 1)..]);
        bool hasOwner = !string.IsNullOrEmpty(request.OwnerPrincipalName);
        bool tellsRequester = context.Version >= FirstVersionWithRequester;
        return new CreateDelegationTokenResponse
        {
            ErrorCode = error,
            PrincipalType = hasOwner ? request.OwnerPrincipalType ?? type : type,
            PrincipalName = hasOwner ? request.OwnerPrincipalName! : name,
            TokenRequesterPrincipalType = tellsRequester ? type : "",
            TokenRequesterPrincipalName = tellsRequester ? name : "",
            IssueTimestampMs = NoTime,
            ExpiryTimestampMs = NoTime,
            MaxTimestampMs = NoTime,
        };
    }
}
